package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Tells systemd how the agent fares. Enabled by {@link UnderSystemd} only where systemd wants to be told; then it owns the
 * thread {@code tidewatch-systemd}.
 */
@Component(
        name = SystemdComponent.NAME,
        enabled = false,
        immediate = true,
        service = HealthCheck.class,
        property = HealthCheck.NAME + "=systemd",
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class SystemdComponent implements HealthCheck {
    static final String NAME = "tidewatch.systemd";

    private final AskedChecks checks = new AskedChecks();
    private final Bundle framework;
    private final Notifications notifications;
    private final NotifyingThread thread;

    /** For Declarative Services. */
    @Activate
    public SystemdComponent(BundleContext context) {
        this(
                context.getBundle(0),
                ServiceEnvironment.read(System.getenv(), ProcessHandle.current().pid()));
    }

    private SystemdComponent(Bundle framework, ServiceEnvironment environment) {
        this.framework = framework;
        this.notifications = new Notifications(new NotifySocket(environment.address()), environment.watchdog());
        this.thread =
                new NotifyingThread(() -> notifications.tell(checks.ask(), System.nanoTime()), environment.watchdog());
        thread.start();
    }

    @Deactivate
    void deactivate() {
        try {
            thread.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (framework.getState() == Bundle.STOPPING) {
            notifications.stopping();
        } else {
            notifications.leaving();
        }
    }

    @Override
    public Health check() {
        return notifications.health();
    }

    /** For Declarative Services: all components but this one. */
    @Reference(
            target = "(&(" + HealthCheck.NAME + "=*)(!(" + HealthCheck.NAME + "=systemd)))",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void bindCheck(HealthCheck check, Map<String, Object> properties) {
        checks.add(String.valueOf(properties.get(HealthCheck.NAME)), check);
    }

    void unbindCheck(HealthCheck check) {
        checks.remove(check);
    }
}
