package io.tidewatch.health;

/** The health metrics of this bundle. As a service it is found by the collector of this bundle. */
interface HealthSelf {
    /** Asks all checks, and evaluates. */
    HealthRules.Verdict verdict();
}
