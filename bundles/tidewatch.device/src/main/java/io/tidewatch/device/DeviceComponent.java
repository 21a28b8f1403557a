package io.tidewatch.device;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.procfs.ProcFs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Registers the {@link Device}: an immutable service, another one whenever its values change. Its own health is
 * {@code device}.
 *
 * <p>This component outlives changes of configuration and of {@link ProcFs}, since it remembers the last good values.
 */
@Component(
        service = HealthCheck.class,
        property = HealthCheck.NAME + "=device",
        configurationPid = "tidewatch.device",
        immediate = true)
@Designate(ocd = DeviceComponent.Config.class)
public final class DeviceComponent implements HealthCheck {
    @ObjectClassDefinition(id = "tidewatch.device", name = "Device", description = "Who this device is")
    public @interface Config {
        /** Without a default, to distinguish an absent key from an empty one. */
        @AttributeDefinition(
                required = false,
                description = "Id that every series carries as device_id, unique in the fleet; left out: the host name")
        @Nullable
        String id();

        @AttributeDefinition(
                required = false,
                description = "Labels of every series, as name=value pairs separated by commas; at most 20")
        String labels() default "";
    }

    /** How often a name is looked for while the machine has none of its own. */
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(5);

    private final DeviceIdentity identity;
    private final NameWatch watch;
    private volatile @Nullable ProcFs procFs;

    @Activate
    public DeviceComponent(BundleContext context, Config config) {
        this.identity = new DeviceIdentity(device -> context.registerService(Device.class, device, null)::unregister);
        this.watch = new NameWatch(LOOK_PERIOD, this::look);
        identity.configure(config.id(), config.labels());
        watch.need();
    }

    @Modified
    void modified(Config config) {
        identity.configure(config.id(), config.labels());
        watch.need();
    }

    @Deactivate
    void deactivate() {
        watch.close();
        identity.close();
    }

    @Override
    public Health check() {
        return identity.health();
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY, unbind = "unsetProcFs")
    void setProcFs(ProcFs procFs) {
        this.procFs = procFs;
        identity.hostName(HostName.read(procFs, System.getenv()));
        watch.need();
    }

    /** The name stays known when the place it was read from goes. */
    void unsetProcFs(ProcFs procFs) {}

    private boolean look() {
        ProcFs source = procFs;
        if (source != null && identity.waitsForName()) {
            identity.hostName(HostName.read(source, System.getenv()));
        }
        return identity.waitsForName();
    }
}
