package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The checks that are there right now. Safe for use by several threads. */
final class HealthChecks {
    private record Named(String name, HealthCheck check) {}

    private final List<Named> checks = new CopyOnWriteArrayList<>();

    void add(String name, HealthCheck check) {
        checks.add(new Named(name, check));
    }

    void remove(HealthCheck check) {
        checks.removeIf(named -> named.check() == check);
    }

    /** Asks every check. Of several with one name, the worst answer counts. */
    SortedMap<String, Health> ask() {
        SortedMap<String, Health> answers = new TreeMap<>();
        for (Named named : checks) {
            answers.merge(
                    named.name(),
                    ask(named.check()),
                    (one, other) -> other.status().compareTo(one.status()) > 0 ? other : one);
        }
        return answers;
    }

    /**
     * A check comes from any bundle, deployed while running too: whatever it throws, also a NoClassDefFoundError after a
     * half update, is its own state and must not take the answer of the others away.
     */
    private static Health ask(HealthCheck check) {
        try {
            Health health = check.check();
            return health != null
                    ? health
                    : Health.error(
                            "its health check returned nothing; mend "
                                    + check.getClass().getName(),
                            Map.of());
        } catch (Throwable e) {
            return Health.error(
                    "its health check failed: " + e,
                    Map.of(
                            "error_type",
                            e.getClass().getName(),
                            "check",
                            check.getClass().getName()));
        }
    }
}
