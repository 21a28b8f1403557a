package io.tidewatch.device;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
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

    private record Settings(@Nullable String id, SortedMap<String, String> labels) {}

    private final Function<Device, Runnable> publisher;

    // Guarded by this; check() reads only `health`.
    private @Nullable Settings settings;
    private boolean everGood;
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
     *
     * @param id as written, null if it is not
     * @param labels as written
     */
    synchronized void configure(@Nullable String id, String labels) {
        List<String> errors = new ArrayList<>();
        String readId = read(() -> DeviceSettings.id(id), null, errors);
        SortedMap<String, String> readLabels = read(() -> DeviceSettings.labels(labels), new TreeMap<>(), errors);
        if (errors.isEmpty() || !everGood) {
            settings = new Settings(readId, readLabels == null ? new TreeMap<>() : readLabels);
        }
        if (errors.isEmpty()) {
            everGood = true;
        }
        report(errors);
        publish();
    }

    /** Whether the id is a host name that many machines have, and may become another. */
    synchronized boolean waitsForName() {
        return settings != null && settings.id() == null && (hostName == null || !hostName.isOwn());
    }

    /** The host name is known, or known anew. */
    synchronized void hostName(HostName name) {
        if (!name.equals(hostName)) {
            hostName = name;
            publish();
        }
    }

    /** Takes the device back. */
    synchronized void close() {
        published = null;
        withdraw.run();
        withdraw = () -> {};
    }

    /** Health of the device's identity. */
    Health health() {
        return health;
    }

    private static <T> @Nullable T read(Supplier<@Nullable T> reading, @Nullable T fallback, List<String> errors) {
        try {
            return reading.get();
        } catch (InvalidSettingException e) {
            errors.add(String.valueOf(e.getMessage()));
            return fallback;
        }
    }

    private void report(List<String> errors) {
        String message = errors.isEmpty()
                ? ""
                : FILE + ": " + String.join("; ", errors) + "; until it is fixed "
                        + (everGood ? "the last good values stay" : "the defaults are") + " in force";
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
        Settings in = settings;
        if (in == null) {
            return null;
        }
        if (in.id() != null) {
            return new ConfiguredDevice(in.id(), in.labels());
        }
        HostName name = hostName;
        return name == null ? null : new ConfiguredDevice(name.name(), in.labels());
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
