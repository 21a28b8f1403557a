package io.tidewatch.deploy;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Health of the collectors, as the scheduler shows it. */
final class Collectors {
    private static final String FILTER = "(" + HealthCheck.NAME + "=collector.*)";

    /** The bundle whose checks these are: no other is asked, whatever it calls its own. */
    private static final String SCHEDULER = "tidewatch.scheduler";

    private Collectors() {}

    /** By the name of the component. */
    static Map<String, Health> health(BundleContext context) {
        Map<String, Health> all = new HashMap<>();
        try {
            for (ServiceReference<HealthCheck> reference : context.getServiceReferences(HealthCheck.class, FILTER)) {
                if (reference.getBundle() == null
                        || !SCHEDULER.equals(reference.getBundle().getSymbolicName())) {
                    continue;
                }
                HealthCheck check = context.getService(reference);
                if (check != null) {
                    all.put(String.valueOf(reference.getProperty(HealthCheck.NAME)), check.check());
                    context.ungetService(reference);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }
}
