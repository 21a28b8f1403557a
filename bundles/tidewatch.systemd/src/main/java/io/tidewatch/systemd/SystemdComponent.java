package io.tidewatch.systemd;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.HealthOverview;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Notifies systemd of the status of the agent. Enabled by {@link UnderSystemd} only where systemd expects it; then it owns the
 * thread {@code tidewatch-systemd}.
 */
@Component(
        name = SystemdComponent.NAME,
        enabled = false,
        immediate = true,
        service = HealthCheck.class,
        property = HealthCheck.NAME + "=" + SystemdComponent.SYSTEMD,
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class SystemdComponent implements HealthCheck {
    static final String NAME = "tidewatch.systemd";
    static final String SYSTEMD = "systemd";

    private final Bundle framework;
    private final Notifications notifications;
    private final NotifyingThread thread;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile @Nullable HealthOverview overview;

    @Activate
    public SystemdComponent(BundleContext context) {
        ServiceEnvironment environment =
                ServiceEnvironment.read(System.getenv(), ProcessHandle.current().pid());
        this.framework = context.getBundle(0);
        this.notifications = new Notifications(environment.socket(), environment.watchdog());
        this.thread = new NotifyingThread(this::look, environment.watchdog());
        thread.start();
    }

    /** Without health there is nothing to report, and no sign of life: systemd waits, and starts another if it stays so. */
    private boolean look() {
        HealthOverview asked = overview;
        if (asked == null) {
            return false;
        }
        SortedMap<String, Health> components = new TreeMap<>(asked.components());
        components.remove(SYSTEMD);
        return notifications.tell(new Components(components), System.nanoTime());
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
}
