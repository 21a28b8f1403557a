package io.tidewatch.collector.cpu;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How busy the processor was since the previous pass, as a whole and by core. The first pass only remembers; a core
 * that was not there before, that made no progress or whose counters went back is left out of a pass.
 *
 * <p>Source: {@code /proc/stat}, see {@link CpuTimes}.
 */
@Component(configurationPid = "tidewatch.collector.cpu")
@CollectorProperties(name = "cpu", interval = "10s")
@Designate(ocd = CpuCollector.Config.class)
public final class CpuCollector implements Collector {
    /** Configuration, PID {@code tidewatch.collector.cpu}: only what every collector has. */
    @ObjectClassDefinition(id = "tidewatch.collector.cpu", name = "CPU collector")
    @interface Config {}

    private static final String ALL = "all";
    private static final Metric USAGE = Metric.gauge(
            "cpu.usage_percent",
            Unit.PERCENT,
            "Share of time that was neither idle nor waiting for a disk; `all` is the whole machine",
            "core");
    private static final Metric IOWAIT = Metric.gauge(
            "cpu.iowait_percent",
            Unit.PERCENT,
            "Share of time idle while a disk request was open; only of `all`",
            "core");

    private final ProcFile stat;
    private CpuTimes previous = new CpuTimes();
    private CpuTimes current = new CpuTimes();

    /** @param procFs where /proc is */
    @Activate
    public CpuCollector(@Reference ProcFs procFs) {
        stat = procFs.procFile("stat");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(USAGE, IOWAIT);
    }

    @Override
    public List<Sample> collect() throws IOException {
        try {
            current.read(stat.read());
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < current.rows(); row++) {
            long total = current.total(row) - previous.total(row);
            long idle = current.idle(row) - previous.idle(row);
            long iowait = current.iowait(row) - previous.iowait(row);
            long busy = total - idle - iowait;
            boolean comparable = current.isPresent(row) && previous.isPresent(row);
            if (!comparable || total <= 0 || idle < 0 || iowait < 0 || busy < 0) {
                continue;
            }
            samples.add(USAGE.sample(percent(busy, total), row == CpuTimes.ALL ? ALL : CpuTimes.coreOf(row)));
            if (row == CpuTimes.ALL) {
                samples.add(IOWAIT.sample(percent(iowait, total), ALL));
            }
        }
        CpuTimes reused = previous;
        previous = current;
        current = reused;
        return samples;
    }

    /** Rounded to hundredths: finer than the kernel's ticks of a core, and short on the wire. */
    private static double percent(long part, long total) {
        return Math.round(10_000.0 * part / total) / 100.0;
    }
}
