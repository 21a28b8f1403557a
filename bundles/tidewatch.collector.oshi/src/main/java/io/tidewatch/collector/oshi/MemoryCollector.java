package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import oshi.hardware.GlobalMemory;

/**
 * Memory and swap: what is there, what is used, what programs can still get. OSHI does not tell how often there was not
 * enough: {@code memory.oom_kills_total} is declared and left out.
 *
 * <p>Source: {@link GlobalMemory}; on macOS {@code sysctl hw.memsize}, {@code host_statistics64} (available is free and
 * inactive pages) and {@code sysctl vm.swapusage}.
 */
@Component(configurationPid = "tidewatch.collector.memory", property = "service.ranking:Integer=-100")
@CollectorProperties(name = "memory", interval = "30s")
@Designate(ocd = MemoryCollector.Config.class)
public final class MemoryCollector implements Collector {
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

    private final GlobalMemory memory;

    @Activate
    public MemoryCollector(@Reference Machine machine) {
        this(machine.hardware().getMemory());
    }

    MemoryCollector(GlobalMemory memory) {
        this.memory = memory;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(USED, AVAILABLE, TOTAL, SWAP_USED, SWAP_TOTAL, OOM_KILLS);
    }

    @Override
    public List<Sample> collect() throws IOException {
        long total = memory.getTotal();
        if (total <= 0) {
            throw new IOException("The system does not tell how much memory it has (" + total + " bytes)");
        }
        List<Sample> samples = new ArrayList<>();
        samples.add(TOTAL.sample((double) total));
        long available = memory.getAvailable();
        if (available > 0) {
            samples.add(AVAILABLE.sample((double) available));
            if (available <= total) {
                samples.add(USED.sample((double) (total - available)));
            }
        }
        long swapTotal = memory.getVirtualMemory().getSwapTotal();
        long swapUsed = memory.getVirtualMemory().getSwapUsed();
        if (swapUsed >= 0 && swapUsed <= swapTotal) {
            samples.add(SWAP_TOTAL.sample((double) swapTotal));
            samples.add(SWAP_USED.sample((double) swapUsed));
        }
        return samples;
    }
}
