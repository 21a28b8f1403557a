package io.tidewatch.collector.memory;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFormatException;
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
 * Memory and swap: what is there, what is used, what programs can still get, and how often there was not enough. A value
 * whose lines the kernel does not have (MemAvailable before 3.14, swap when it is not built in, kills before 4.13) is left
 * out.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.memory")
@CollectorProperties(name = "memory", interval = "30s")
@Designate(ocd = MemoryCollector.Config.class)
public final class MemoryCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.memory", name = "Memory collector")
    @interface Config {}

    private static final Metric USED =
            Metric.gauge("memory.used_bytes", Unit.BYTES, "Memory that programs cannot get: total less available");
    private static final Metric AVAILABLE =
            Metric.gauge("memory.available_bytes", Unit.BYTES, "Memory that programs can get without swapping");
    private static final Metric TOTAL =
            Metric.gauge("memory.total_bytes", Unit.BYTES, "Memory that the kernel manages");
    private static final Metric SWAP_USED = Metric.gauge("memory.swap_used_bytes", Unit.BYTES, "Swap space in use");
    private static final Metric SWAP_TOTAL = Metric.gauge("memory.swap_total_bytes", Unit.BYTES, "Swap space");

    private static final Metric OOM_KILLS = Metric.counter(
            "memory.oom_kills_total", Unit.NONE, "Processes that the kernel killed as memory had run out");

    private final ProcFile file;
    private final ProcFile vmstat;

    @Activate
    public MemoryCollector(@Reference ProcFs procFs) {
        file = procFs.procFile("meminfo");
        vmstat = procFs.procFile("vmstat");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(USED, AVAILABLE, TOTAL, SWAP_USED, SWAP_TOTAL, OOM_KILLS);
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>();
        addMemory(samples);
        addKills(samples);
        return samples;
    }

    private void addMemory(List<Sample> samples) {
        MemInfo memory;
        try {
            memory = MemInfo.read(file.read(), diagnostics);
        } catch (NoSuchFileException e) {
            diagnostics.note("meminfo", "this machine has no " + file.path());
            return;
        } catch (IOException e) {
            diagnostics.damaged("meminfo", e);
            return;
        }
        add(samples, USED, difference("MemAvailable", memory.total(), memory.available()));
        add(samples, AVAILABLE, memory.available());
        add(samples, TOTAL, memory.total());
        add(samples, SWAP_USED, difference("SwapFree", memory.swapTotal(), memory.swapFree()));
        add(samples, SWAP_TOTAL, memory.swapTotal());
    }

    private void addKills(List<Sample> samples) {
        try {
            add(samples, OOM_KILLS, oomKills(vmstat.read(), diagnostics));
        } catch (NoSuchFileException e) {
            // A kernel without CONFIG_VM_EVENT_COUNTERS has no such file: nothing to miss.
        } catch (IOException e) {
            diagnostics.damaged("vmstat", e);
        }
    }

    /**
     * Returns how many processes the kernel has killed since boot as memory had run out, of the machine or of a cgroup: the line
     * {@code oom_kill 3} of {@code /proc/vmstat}. {@link MemInfo#ABSENT} if the kernel does not count, or the number is damaged.
     *
     * <p>Source: Linux, mm/vmstat.c: a name and a number per line, whose order and set differ by kernel; {@code oom_kill}
     * since 4.13.
     */
    static long oomKills(Fields fields, Diagnostics diagnostics) {
        while (fields.nextLine()) {
            try {
                if (fields.skip("oom_kill")) {
                    return fields.number("processes killed");
                }
                if (!fields.startsWithLetter()) {
                    throw fields.error("a name and a number");
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged("vmstat line " + fields.lineNumber(), e);
            }
        }
        return MemInfo.ABSENT;
    }

    /** The whole less its part; absent if one of them is, or the part is larger. */
    private long difference(String part, long whole, long bytes) {
        if (whole == MemInfo.ABSENT || bytes == MemInfo.ABSENT) {
            return MemInfo.ABSENT;
        }
        if (bytes > whole) {
            diagnostics.damaged(
                    part, file.path() + ": " + part + " of " + bytes + " bytes is more than the whole of " + whole);
            return MemInfo.ABSENT;
        }
        return whole - bytes;
    }

    private static void add(List<Sample> samples, Metric metric, long value) {
        if (value != MemInfo.ABSENT) {
            samples.add(metric.sample((double) value));
        }
    }
}
