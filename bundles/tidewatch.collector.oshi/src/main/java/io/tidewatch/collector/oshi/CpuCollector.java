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
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;

/**
 * How busy the processor was since the previous pass, as a whole and by core. The first pass only remembers; a core
 * that was not there before or made no progress is left out of a pass. A counter that falls counts as 0.
 *
 * <p>Source: {@link CentralProcessor#getSystemCpuLoadTicks()}, milliseconds by kind since boot; on macOS
 * {@code host_statistics(HOST_CPU_LOAD_INFO)}, which knows no iowait: that metric is left out there.
 */
@Component(configurationPid = "tidewatch.collector.cpu", property = "service.ranking:Integer=-100")
@CollectorProperties(name = "cpu", interval = "10s")
@Designate(ocd = CpuCollector.Config.class)
public final class CpuCollector implements Collector {
    @ObjectClassDefinition(id = "tidewatch.collector.cpu", name = "CPU collector")
    @interface Config {}

    private static final String ALL = "all";
    private static final Metric USAGE =
            percent("usage", "Share of time that was neither idle nor waiting for a disk; `all` is the whole machine");
    private static final Metric IOWAIT =
            percent("iowait", "Share of time idle while a disk request was open; only of `all`");
    private static final Metric STEAL =
            percent("steal", "Share of time in which the host of this virtual machine ran others; only of `all`");

    private final CentralProcessor processor;
    private long[] previous = {};
    private long[][] previousOfCores = {};

    @Activate
    public CpuCollector(@Reference Machine machine) {
        this(machine.hardware().getProcessor());
    }

    CpuCollector(CentralProcessor processor) {
        this.processor = processor;
    }

    private static Metric percent(String name, String help) {
        return Metric.gauge("cpu." + name + "_percent", Unit.PERCENT, help, "core");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(USAGE, IOWAIT, STEAL);
    }

    @Override
    public List<Sample> collect() {
        long[] current = processor.getSystemCpuLoadTicks();
        long[][] currentOfCores = processor.getProcessorCpuLoadTicks();
        List<Sample> samples = new ArrayList<>();
        CpuShare whole = CpuShare.between(previous, current);
        if (whole.isKnown()) {
            samples.add(USAGE.sample(whole.busyPercent(), ALL));
            // A counter that has never moved since boot is one that the system does not keep.
            if (current[TickType.IOWAIT.getIndex()] > 0) {
                samples.add(IOWAIT.sample(whole.percent(whole.iowait()), ALL));
            }
            if (current[TickType.STEAL.getIndex()] > 0) {
                samples.add(STEAL.sample(whole.percent(whole.steal()), ALL));
            }
        }
        for (int core = 0; core < Math.min(previousOfCores.length, currentOfCores.length); core++) {
            CpuShare share = CpuShare.between(previousOfCores[core], currentOfCores[core]);
            if (share.isKnown()) {
                samples.add(USAGE.sample(share.busyPercent(), numberOf(core)));
            }
        }
        previous = current;
        previousOfCores = currentOfCores;
        return samples;
    }

    /** The number by which the system calls a core, which is not its place in the list where a core is offline. */
    private String numberOf(int core) {
        return Integer.toString(processor.getLogicalProcessors().get(core).getProcessorNumber());
    }

    /**
     * @param total ticks of any kind between two readings; 0 if these cannot be compared
     * @param idle ticks idle without a disk request open
     * @param iowait ticks idle with one
     * @param steal ticks in which the host of a virtual machine ran others
     */
    private record CpuShare(long total, long idle, long iowait, long steal) {
        private static final CpuShare UNKNOWN = new CpuShare(0, 0, 0, 0);

        /**
         * Compares two readings, indexed by {@link TickType}; unknown if one is missing or nothing happened. A counter
         * that falls counts as 0.
         */
        static CpuShare between(long[] earlier, long[] later) {
            if (later.length == 0 || earlier.length != later.length) {
                return UNKNOWN;
            }
            long total = 0;
            for (int i = 0; i < later.length; i++) {
                total += progress(earlier, later, i);
            }
            return new CpuShare(
                    total,
                    progress(earlier, later, TickType.IDLE.getIndex()),
                    progress(earlier, later, TickType.IOWAIT.getIndex()),
                    progress(earlier, later, TickType.STEAL.getIndex()));
        }

        private static long progress(long[] earlier, long[] later, int field) {
            return Math.max(0, later[field] - earlier[field]);
        }

        boolean isKnown() {
            return total > 0;
        }

        /** Neither idle nor waiting for a disk. */
        double busyPercent() {
            return percent(total - idle - iowait);
        }

        /** Rounded to hundredths, as the collector on /proc does. */
        double percent(long part) {
            return Math.round(10_000.0 * part / total) / 100.0;
        }
    }
}
