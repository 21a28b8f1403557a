package io.tidewatch.scheduler;

import io.tidewatch.api.health.HealthCheck;

/** Where health checks are shown; the service registry, in an agent. */
@FunctionalInterface
interface HealthBoard {
    /**
     * Shows a check under a name.
     *
     * @return takes it away again
     */
    Runnable show(String name, HealthCheck check);
}
