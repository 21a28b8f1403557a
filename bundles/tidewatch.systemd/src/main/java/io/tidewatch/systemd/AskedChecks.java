package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The health checks that are there right now. Safe for use by several threads. */
final class AskedChecks {
    private record Named(String name, HealthCheck check) {}

    private final List<Named> checks = new CopyOnWriteArrayList<>();

    void add(String name, HealthCheck check) {
        checks.add(new Named(name, check));
    }

    void remove(HealthCheck check) {
        checks.removeIf(named -> named.check() == check);
    }

    /** Asks every check. Of several with one name, the worst answer counts. */
    Components ask() {
        SortedMap<String, Health> answers = new TreeMap<>();
        for (Named named : checks) {
            answers.merge(
                    named.name(),
                    ask(named.check()),
                    (one, other) -> other.status().compareTo(one.status()) > 0 ? other : one);
        }
        return new Components(answers);
    }

    /** A check comes from any bundle; what it throws is its own state and keeps no sign of life of others back. */
    private static Health ask(HealthCheck check) {
        try {
            Health health = check.check();
            return health != null ? health : new Health(Status.ERROR, "its health check returned nothing", Map.of());
        } catch (Throwable e) {
            return new Health(Status.ERROR, "its health check failed: " + e, Map.of());
        }
    }
}
