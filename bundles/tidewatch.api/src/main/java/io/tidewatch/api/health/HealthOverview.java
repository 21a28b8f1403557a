package io.tidewatch.api.health;

import java.util.SortedMap;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What all components report of themselves: the one service that asks every {@link HealthCheck}, for all who want to know.
 *
 * <p>Threads: may be called from any thread, and returns within about a second whatever the checks do.
 */
@ProviderType
public interface HealthOverview {
    /**
     * Asks every check, and returns the answers by the name of the component. A check that does not answer within a second is
     * degraded at least, with its last answer, and is not asked again until it returns. Of several checks with one name the
     * worst answer counts.
     */
    SortedMap<String, Health> components();
}
