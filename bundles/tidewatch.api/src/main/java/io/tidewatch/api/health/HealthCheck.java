package io.tidewatch.api.health;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reports the status of a component. Registered as a service with the property {@value #NAME}; {@link HealthOverview} asks
 * every check whenever anything wants to know, with a deadline of a second.
 */
@ConsumerType
public interface HealthCheck {
    /** Service property with the name of the component, as shown by health: {@code storage}, {@code collector.cpu}. */
    String NAME = "health.name";

    /**
     * The state right now. Returns at once, from what the component knows anyway: no input or output, no waiting for a
     * lock that is held during either. May be called from several threads.
     */
    Health check();
}
