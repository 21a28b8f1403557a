package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Components of an agent, to be changed one at a time. */
final class Reports {
    static final Instant MOMENT = Instant.parse("2026-01-02T03:04:05Z");

    private final SortedMap<String, Health> byName = new TreeMap<>();

    /** All is well: two collectors, one upload. */
    static Reports healthy() {
        return new Reports()
                .with("storage", Health.ok("stores", Map.of("pending_count", 12L)))
                .with("scheduler", Health.ok("running", Map.of("collectors", 2)))
                .with("health", Health.ok("serving", Map.of("url", "http://127.0.0.1:9100/health")))
                .with(
                        "uploader",
                        Health.ok(
                                "uploads",
                                Map.of("last_upload_time", MOMENT, "time_since_upload_seconds", 4.4, "enabled", true)))
                .committed("cpu", 10, MOMENT)
                .committed("memory", 30, MOMENT);
    }

    Reports with(String name, Health health) {
        byName.put(name, health);
        return this;
    }

    Reports without(String name) {
        byName.remove(name);
        return this;
    }

    /** A collector that is ok and whose last pass was kept at a moment. */
    Reports committed(String name, double interval, Instant moment) {
        return with("collector." + name, Health.ok("collecting", details(interval, moment)));
    }

    /** A collector that fails, with a pass that was kept before. */
    Reports failing(String name, double interval) {
        return with("collector." + name, Health.error("broken", details(interval, MOMENT)));
    }

    /** A collector that has not ended a pass. */
    Reports fresh(String name) {
        return with(
                "collector." + name,
                Health.ok("the first pass is running", Map.of("enabled", true, "interval_seconds", 10.0)));
    }

    /** A collector that is turned off. */
    Reports off(String name) {
        return with("collector." + name, Health.ok("turned off", Map.of("enabled", false, "interval_seconds", 10.0)));
    }

    Components components() {
        return new Components(new TreeMap<>(byName));
    }

    private static Map<String, Object> details(double interval, Instant moment) {
        return new HashMap<>(Map.of("enabled", true, "interval_seconds", interval, "last_success", moment));
    }
}
