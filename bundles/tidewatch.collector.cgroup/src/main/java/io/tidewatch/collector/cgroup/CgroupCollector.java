package io.tidewatch.collector.cgroup;

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
import java.nio.file.Files;
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
 * The limits of the container that the agent runs in, and how near it is to them. These are of the cgroup at the top of
 * what the agent sees as {@code /sys/fs/cgroup}: on a machine that is the root, which has no limits, and nothing is
 * reported.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.cgroup")
@CollectorProperties(name = "cgroup", interval = "30s")
@Designate(ocd = CgroupCollector.Config.class)
public final class CgroupCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.cgroup", name = "Cgroup collector")
    @interface Config {}

    private static final Metric MEMORY_LIMIT =
            Metric.gauge("cgroup.memory_limit_bytes", Unit.BYTES, "Memory that the container may use");
    private static final Metric MEMORY_USED = Metric.gauge(
            "cgroup.memory_used_bytes", Unit.BYTES, "Memory that it uses, with its part of the page cache");
    private static final Metric OOM_KILLS = Metric.counter(
            "cgroup.oom_kills_total", Unit.NONE, "Processes of it that the kernel killed as memory had run out");
    private static final Metric CPU_LIMIT =
            Metric.gauge("cgroup.cpu_limit_cores", Unit.NONE, "Processor time that it may use, in cores");
    private static final Metric PERIODS =
            Metric.counter("cgroup.cpu_periods_total", Unit.NONE, "Periods in which it wanted to run");
    private static final Metric THROTTLED =
            Metric.counter("cgroup.cpu_throttled_periods_total", Unit.NONE, "Periods in which it had to stop early");
    private static final Metric THROTTLED_TIME = Metric.counter(
            "cgroup.cpu_throttled_seconds_total", Unit.SECONDS, "Time for which it was stopped, summed over the cores");

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    @FunctionalInterface
    private interface Reading {
        double of(Fields fields) throws ProcFormatException;
    }

    @Activate
    public CgroupCollector(@Reference ProcFs procFs) {
        folder = procFs.sys("fs/cgroup");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(MEMORY_LIMIT, MEMORY_USED, OOM_KILLS, CPU_LIMIT, PERIODS, THROTTLED, THROTTLED_TIME);
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        CgroupVersion version =
                Files.exists(folder.resolve(CgroupVersion.MARK_OF_TWO)) ? CgroupVersion.TWO : CgroupVersion.ONE;
        List<Sample> samples = new ArrayList<>();
        addMemory(samples, version);
        addCpu(samples, version);
        return samples;
    }

    private void addMemory(List<Sample> samples, CgroupVersion version) {
        double limit = read(version.memoryLimit(), Double.POSITIVE_INFINITY, CgroupFile::memoryLimit);
        if (limit == Double.POSITIVE_INFINITY) {
            return;
        }
        add(samples, MEMORY_LIMIT, limit);
        add(samples, MEMORY_USED, read(version.memoryUsed(), Double.NaN, CgroupFile::number));
        double[] events = rows(version.memoryEvents(), List.of("oom_kill"));
        add(samples, OOM_KILLS, events[0]);
    }

    private void addCpu(List<Sample> samples, CgroupVersion version) {
        double quota = read(version.cpuQuota(), Double.POSITIVE_INFINITY, CgroupFile::cpuQuota);
        if (quota == Double.POSITIVE_INFINITY) {
            return;
        }
        add(samples, CPU_LIMIT, quota / read(version.cpuPeriod(), Double.NaN, version::period));
        double[] statistics =
                rows(version.cpuStatistics(), List.of("nr_periods", "nr_throttled", version.throttledTime()));
        add(samples, PERIODS, statistics[0]);
        add(samples, THROTTLED, statistics[1]);
        add(samples, THROTTLED_TIME, statistics[2] / version.throttledTimeUnit());
    }

    /** @param absent the value of a file that does not exist; that of a damaged one is NaN */
    private double read(String file, double absent, Reading reading) {
        try {
            return reading.of(buffer.readLine(folder.resolve(file)));
        } catch (NoSuchFileException e) {
            return absent;
        } catch (IOException e) {
            diagnostics.damaged(file, e);
            return Double.NaN;
        }
    }

    private double[] rows(String file, List<String> names) {
        try {
            return CgroupFile.rows(buffer.read(folder.resolve(file)), names, file, diagnostics);
        } catch (NoSuchFileException e) {
            // The controller is of another kernel, or was just turned off.
        } catch (IOException e) {
            diagnostics.damaged(file, e);
        }
        return CgroupFile.none(names);
    }

    private static void add(List<Sample> samples, Metric metric, double value) {
        if (!Double.isNaN(value)) {
            samples.add(metric.sample(value));
        }
    }
}
