package io.tidewatch.collector.cpu;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
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
 * that was not there before or made no progress is left out of a pass. A field that falls, as the kernel lets iowait and
 * steal do, counts as 0.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.cpu")
@CollectorProperties(name = "cpu", interval = "10s")
@Designate(ocd = CpuCollector.Config.class)
public final class CpuCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.cpu", name = "CPU collector")
    @interface Config {}

    private static final String ALL = "all";
    private static final Metric USAGE =
            percent("usage", "Share of time that was neither idle nor waiting for a disk; `all` is the whole machine");
    private static final Metric IOWAIT =
            percent("iowait", "Share of time idle while a disk request was open; only of `all`");
    private static final Metric STEAL =
            percent("steal", "Share of time in which the host of this virtual machine ran others; only of `all`");

    private final ProcFile stat;
    private CpuTimes previous = new CpuTimes();
    private CpuTimes current = new CpuTimes();

    @Activate
    public CpuCollector(@Reference ProcFs procFs) {
        stat = procFs.procFile("stat");
    }

    private static Metric percent(String name, String help) {
        return Metric.gauge("cpu." + name + "_percent", Unit.PERCENT, help, "core");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(USAGE, IOWAIT, STEAL);
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        try {
            current.read(stat.read(), diagnostics);
        } catch (NoSuchFileException e) {
            diagnostics.note("stat", "this machine has no " + stat.path());
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        for (int row = 0; row < current.rows(); row++) {
            if (current.isPresent(row) && previous.isPresent(row)) {
                addTo(samples, row);
            }
        }
        if (previous.rows() == 0) {
            // Nothing is missing from a pass that only remembers.
            diagnostics.clear();
        }
        CpuTimes reused = previous;
        previous = current;
        current = reused;
        return samples;
    }

    private void addTo(List<Sample> samples, int row) {
        String core = row == CpuTimes.ALL ? ALL : Integer.toString(row - 1);
        if (current.fields(row) != previous.fields(row)) {
            diagnostics.damaged(
                    "core " + core,
                    stat.path() + ": the row of core " + core + " has " + current.fields(row) + " fields, "
                            + previous.fields(row) + " in the pass before");
            return;
        }
        long total = 0;
        for (int field = 0; field < CpuTimes.FIELDS; field++) {
            total += progress(row, field);
        }
        if (total == 0) {
            return;
        }
        long iowait = progress(row, CpuTimes.IOWAIT);
        long busy = total - progress(row, CpuTimes.IDLE) - iowait;
        samples.add(USAGE.sample(percent(busy, total), core));
        if (row == CpuTimes.ALL) {
            samples.add(IOWAIT.sample(percent(iowait, total), ALL));
            if (current.fields(row) > CpuTimes.STEAL) {
                samples.add(STEAL.sample(percent(progress(row, CpuTimes.STEAL), total), ALL));
            }
        }
    }

    private long progress(int row, int field) {
        return Math.max(0, current.ticks(row, field) - previous.ticks(row, field));
    }

    /** Rounded to hundredths: finer than the kernel's ticks of a core, and short on the wire. */
    private static double percent(long part, long total) {
        return Math.round(10_000.0 * part / total) / 100.0;
    }
}
