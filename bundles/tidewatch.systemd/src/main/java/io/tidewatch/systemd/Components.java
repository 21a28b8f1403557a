package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the components of the agent say of themselves, at one moment. Reads the facts that scheduler, store, uploader and
 * HTTP server put into their details; one that is missing counts as not there.
 *
 * @param byName health of each component
 */
record Components(SortedMap<String, Health> byName) {
    static final String STORAGE = "storage";
    private static final String HTTP = "health";
    static final String UPLOADER = "uploader";

    /** Whether a component says that it does not do its work. */
    boolean fails(String name) {
        Health health = byName.get(name);
        return health != null && health.status() == Status.ERROR;
    }

    List<Health> runningCollectors() {
        return byName.entrySet().stream()
                .filter(entry -> isCollector(entry.getKey()) && isOn(entry.getValue()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /**
     * What the start still waits for, in words: the store is there, passes are kept, health is served. Empty when it is over. A
     * part that says of itself what keeps it from that counts as started: the agent runs with it and waits for it to be fixed,
     * and would only lose what it keeps in memory if systemd gave up on the start.
     */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (byName.get(STORAGE) == null) {
            missing.add("the store");
        }
        Health http = byName.get(HTTP);
        if (http == null || (http.status() == Status.OK && http.details().get("url") == null)) {
            missing.add("HTTP");
        }
        List<Health> collectors = runningCollectors();
        boolean begun = collectors.isEmpty()
                || collectors.stream()
                        .anyMatch(health -> lastCommit(health) != null || health.status() == Status.ERROR);
        if (byName.get("scheduler") == null) {
            missing.add("the scheduler");
        } else if (!begun && !fails(STORAGE)) {
            missing.add("the first pass");
        }
        return missing;
    }

    static boolean isCollector(String name) {
        return name.startsWith("collector.");
    }

    static boolean isOn(Health health) {
        return !Boolean.FALSE.equals(health.details().get("enabled"));
    }

    /** When the store last kept a pass of the collector; null if it never did. Only good for comparison. */
    static @Nullable Object lastCommit(Health collector) {
        return collector.details().get("last_success");
    }

    /** Time from one pass of the collector to the next; zero if it does not say. */
    static Duration interval(Health collector) {
        return collector.details().get("interval_seconds") instanceof Number seconds
                ? Duration.ofMillis(Math.round(seconds.doubleValue() * 1000))
                : Duration.ZERO;
    }
}
