package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * What the uploader offers to others. Registered here and not by Declarative Services, which would copy the whole
 * configuration into the service properties: a url may hold a password, headers a key.
 */
interface Services {
    /** From now on health and figures of the uploader are offered. */
    void offer(UploaderSelf self);

    /** From now on this target is offered instead of the one before, or none. */
    void offer(@Nullable DeliveryTarget target);

    /** From now on nothing is offered. */
    void withdraw();

    /** In the service registry. A changed target is another service, so that its users notice. */
    static Services in(BundleContext context) {
        return new Services() {
            private @Nullable ServiceRegistration<?> health;
            private @Nullable ServiceRegistration<DeliveryTarget> delivery;

            @Override
            public synchronized void offer(UploaderSelf self) {
                health = context.registerService(
                        new String[] {HealthCheck.class.getName(), UploaderSelf.class.getName()},
                        self,
                        FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, "uploader")));
            }

            @Override
            public synchronized void offer(@Nullable DeliveryTarget target) {
                ServiceRegistration<DeliveryTarget> before = delivery;
                delivery = target == null ? null : context.registerService(DeliveryTarget.class, target, null);
                if (before != null) {
                    before.unregister();
                }
            }

            @Override
            public synchronized void withdraw() {
                offer((DeliveryTarget) null);
                if (health != null) {
                    health.unregister();
                    health = null;
                }
            }
        };
    }
}
