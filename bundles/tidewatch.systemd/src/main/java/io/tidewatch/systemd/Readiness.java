package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * When the start is over: the store is there, passes are kept, health is served. A part that says of itself what keeps it
 * from that counts as started: the agent runs with it and waits for it to be fixed, and would only lose what it
 * keeps in memory if systemd gave up on the start.
 */
final class Readiness {
    private Readiness() {}

    /** What the start still waits for, in words; empty when it is over. */
    static List<String> missing(Components components) {
        List<String> missing = new ArrayList<>();
        if (components.component(Components.STORAGE) == null) {
            missing.add("the store");
        }
        Health http = components.component(Components.HTTP);
        if (http == null || (http.status() == Status.OK && http.details().get("url") == null)) {
            missing.add("HTTP");
        }
        List<Health> collectors = components.runningCollectors();
        boolean begun = collectors.isEmpty()
                || collectors.stream()
                        .anyMatch(health -> Components.lastCommit(health) != null || health.status() == Status.ERROR);
        if (components.component(Components.SCHEDULER) == null) {
            missing.add("the scheduler");
        } else if (!begun && !components.fails(Components.STORAGE)) {
            missing.add("the first pass");
        }
        return missing;
    }
}
