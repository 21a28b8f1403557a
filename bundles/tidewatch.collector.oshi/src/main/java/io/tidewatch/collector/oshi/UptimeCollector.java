package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import oshi.software.os.OperatingSystem;

/**
 * How long the machine has been up, in whole seconds, and since when. Where the clock steps, the time of boot steps with
 * it.
 *
 * <p>Source: {@link OperatingSystem#getSystemUptime()} and {@link OperatingSystem#getSystemBootTime()}; on macOS
 * {@code sysctl kern.boottime}.
 */
@Component(configurationPid = "tidewatch.collector.uptime", property = "service.ranking:Integer=-100")
@CollectorProperties(name = "uptime", interval = "60s")
@Designate(ocd = UptimeCollector.Config.class)
public final class UptimeCollector implements Collector {
    @ObjectClassDefinition(id = "tidewatch.collector.uptime", name = "Uptime collector")
    @interface Config {}

    private static final Metric UPTIME = Metric.gauge("system.uptime_seconds", Unit.SECONDS, "Time since boot");
    private static final Metric BOOT_TIME = Metric.gauge(
            "system.boot_time_seconds",
            Unit.SECONDS,
            "When the machine booted by its own clock, in seconds since 1970");

    private final OperatingSystem system;

    @Activate
    public UptimeCollector(@Reference Machine machine) {
        this(machine.system());
    }

    UptimeCollector(OperatingSystem system) {
        this.system = system;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(UPTIME, BOOT_TIME);
    }

    @Override
    public List<Sample> collect() {
        List<Sample> samples = new ArrayList<>(2);
        addIfKnown(samples, UPTIME, system.getSystemUptime());
        addIfKnown(samples, BOOT_TIME, system.getSystemBootTime());
        return samples;
    }

    /** OSHI says 0 where the system does not tell. */
    private static void addIfKnown(List<Sample> samples, Metric metric, long seconds) {
        if (seconds > 0) {
            samples.add(metric.sample((double) seconds));
        }
    }
}
