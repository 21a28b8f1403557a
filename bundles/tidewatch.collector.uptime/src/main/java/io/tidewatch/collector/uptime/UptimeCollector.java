package io.tidewatch.collector.uptime;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How long the machine has been up, and since when. The time of boot is what the system clock says now less the uptime:
 * where the clock steps, it steps with it.
 *
 * <p>Source: {@code /proc/uptime}, proc_uptime(5): {@code 12345.67 23456.78}, of which the first are seconds since boot,
 * time asleep included; {@code /proc/stat}, proc_stat(5): a line {@code btime 1700000000}, seconds since 1970.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.uptime")
@CollectorProperties(name = "uptime", interval = "60s")
@Designate(ocd = UptimeCollector.Config.class)
public final class UptimeCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.uptime", name = "Uptime collector")
    @interface Config {}

    private static final Metric UPTIME = Metric.gauge("system.uptime_seconds", Unit.SECONDS, "Time since boot");
    private static final Metric BOOT_TIME = Metric.gauge(
            "system.boot_time_seconds",
            Unit.SECONDS,
            "When the machine booted by its own clock, in seconds since 1970");

    /** The kernel counts nanoseconds in 64 bits. */
    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000;

    private final Path uptime;
    private final Path stat;
    private final ProcBuffer buffer = new ProcBuffer();

    @Activate
    public UptimeCollector(@Reference ProcFs procFs) {
        uptime = procFs.proc("uptime");
        stat = procFs.proc("stat");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(UPTIME, BOOT_TIME);
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>(2);
        add(samples, UPTIME, uptime, UptimeCollector::seconds);
        add(samples, BOOT_TIME, stat, UptimeCollector::bootTime);
        return samples;
    }

    private interface Parser {
        double parse(Fields fields) throws ProcFormatException;
    }

    private void add(List<Sample> samples, Metric metric, Path file, Parser parser) {
        try {
            samples.add(metric.sample(parser.parse(buffer.read(file))));
        } catch (NoSuchFileException e) {
            diagnostics.note(file.toString(), "this machine has no " + file);
        } catch (IOException e) {
            diagnostics.damaged(file.toString(), e);
        }
    }

    static double seconds(Fields fields) throws ProcFormatException {
        fields.nextLine();
        double seconds = fields.decimal();
        if (seconds > MOST_SECONDS) {
            throw fields.rejected("at most " + MOST_SECONDS + " seconds");
        }
        return seconds;
    }

    static long bootTime(Fields fields) throws ProcFormatException {
        while (fields.nextLine()) {
            if (fields.skip("btime")) {
                return fields.number("seconds");
            }
        }
        throw fields.missing("line 'btime'");
    }
}
