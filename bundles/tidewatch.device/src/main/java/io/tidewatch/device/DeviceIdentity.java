package io.tidewatch.device;

import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who the device is, from configuration and host name, and publishes it whenever it changes. A wrong value keeps
 * the last good configuration. Knows no framework. Safe for use by several threads.
 */
final class DeviceIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceIdentity.class);
    private static final String FILE = "tidewatch.device.cfg";

    /** @param labels further labels, unmodifiable */
    record ConfiguredDevice(String id, SortedMap<String, String> labels) implements Device {}

    private final Function<Device, Runnable> publisher;

    // Guarded by this; check() reads only `health`.
    private final LastGood<DeviceSettings> settings = LastGood.before(DeviceSettings.DEFAULT);
    private @Nullable HostName hostName;
    private String rejected = "";
    private @Nullable Device published;
    private Runnable withdraw = () -> {};
    private volatile Health health = Health.degraded("not configured yet", Map.of());

    /** @param publisher makes a device known, and returns what takes it back */
    DeviceIdentity(Function<Device, Runnable> publisher) {
        this.publisher = publisher;
    }

    /**
     * Takes a configuration. Wrong values are logged once, and leave the last good configuration in force, or the
     * default of their key if there never was one.
     */
    synchronized void configure(@Nullable String id, String labels) {
        settings.offer(reader -> DeviceSettings.read(id, labels, reader));
        report(settings.problems());
        publish();
    }

    /** Whether the id is a host name that many machines have, and may become another. */
    synchronized boolean waitsForName() {
        return settings.inForce().id().isEmpty() && (hostName == null || !hostName.isOwn());
    }

    synchronized void hostName(HostName name) {
        if (!name.equals(hostName)) {
            hostName = name;
            publish();
        }
    }

    synchronized void close() {
        published = null;
        withdraw.run();
        withdraw = () -> {};
    }

    Health health() {
        return health;
    }

    private void report(List<String> errors) {
        String message = errors.isEmpty()
                ? ""
                : FILE + ": " + String.join("; ", errors) + "; until it is fixed "
                        + (settings.isGood() ? "the last good values stay" : "the defaults are") + " in force";
        if (!message.isEmpty() && !message.equals(rejected)) {
            LOG.error("{}", message);
        } else if (message.isEmpty() && !rejected.isEmpty()) {
            LOG.info("{} is accepted again", FILE);
        }
        rejected = message;
    }

    private void publish() {
        Device device = current();
        if (device != null && !device.equals(published)) {
            // Registers the new one first, so that there is always one.
            Runnable former = withdraw;
            withdraw = publisher.apply(device);
            published = device;
            former.run();
            LOG.info("This device is {} with labels {}", device.id(), device.labels());
            if (waitsForName()) {
                LOG.warn("{}", shared(device.id()));
            }
        }
        health = assess(device);
    }

    private @Nullable Device current() {
        DeviceSettings in = settings.inForce();
        String id = in.id().orElseGet(() -> hostName == null ? null : hostName.name());
        return id == null ? null : new ConfiguredDevice(id, in.labels());
    }

    private Health assess(@Nullable Device device) {
        if (device == null) {
            return Health.error(
                    "the host name is not known yet: the bundle tidewatch.procfs has to run, or " + FILE
                            + " has to set id",
                    Map.of());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("device_id", device.id());
        details.put("labels", device.labels());
        if (!rejected.isEmpty()) {
            return Health.degraded(rejected, details);
        }
        return waitsForName() ? Health.degraded(shared(device.id()), details) : Health.ok("known", details);
    }

    private static String shared(String id) {
        return "the device id is '" + id
                + "', a host name that many machines have: their series mix on the server; set id" + " in " + FILE
                + ", or the host name (hostnamectl set-hostname), which the id then follows";
    }
}
