package io.tidewatch.health;

/** What health tells of itself. As a service it is found by the collector of this bundle. */
interface HealthSelf {
    /** Asks all checks, and evaluates. */
    HealthRules.Verdict verdict();
}
