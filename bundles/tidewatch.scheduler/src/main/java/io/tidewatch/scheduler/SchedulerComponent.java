package io.tidewatch.scheduler;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.store.SampleStore;
import java.time.Clock;
import java.util.Map;
import java.util.SortedMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The scheduler as a component: the only place here that knows OSGi. Its own health is {@code scheduler}.
 *
 * <p>Collectors are bound as references, so that one that is turned off or stands by is never made. Device and store are
 * optional: while one is being updated, passes wait for it.
 */
@Component(
        name = "tidewatch.scheduler",
        service = {HealthCheck.class, SchedulerSelf.class},
        property = HealthCheck.NAME + "=scheduler",
        configurationPolicy = ConfigurationPolicy.IGNORE,
        immediate = true)
public final class SchedulerComponent implements HealthCheck, SchedulerSelf {
    private final BundleContext context;
    private final CollectorScheduler scheduler;

    @Activate
    public SchedulerComponent(BundleContext context) {
        this.context = context;
        this.scheduler = new CollectorScheduler(
                Clock.systemUTC(), System::nanoTime, (name, check) -> register(context, name, check));
    }

    @Deactivate
    void deactivate() {
        scheduler.stop();
    }

    @Override
    public Health check() {
        return scheduler.health();
    }

    @Override
    public SortedMap<String, Figures> figures() {
        return scheduler.figures();
    }

    @Reference(service = Collector.class, cardinality = MULTIPLE, policy = DYNAMIC)
    void addCollector(ServiceReference<Collector> reference) {
        scheduler.add(new ServiceOffer(context, reference));
    }

    void updatedCollector(ServiceReference<Collector> reference) {
        scheduler.update(new ServiceOffer(context, reference));
    }

    void removeCollector(ServiceReference<Collector> reference) {
        scheduler.remove((Long) reference.getProperty(Constants.SERVICE_ID));
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setDevice(Device device) {
        scheduler.context().device().set(device);
    }

    void unsetDevice(Device device) {
        scheduler.context().device().clear(device);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setStore(SampleStore store) {
        scheduler.context().store().set(store);
    }

    void unsetStore(SampleStore store) {
        scheduler.context().store().clear(store);
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    void setClock(AgentClock clock) {
        scheduler.context().clock().set(clock);
    }

    void unsetClock(AgentClock clock) {
        scheduler.context().clock().clear(clock);
    }

    private static Runnable register(BundleContext context, String name, HealthCheck check) {
        ServiceRegistration<HealthCheck> registration = context.registerService(
                HealthCheck.class, check, FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, name)));
        return registration::unregister;
    }
}
