package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import oshi.hardware.CentralProcessor;
import oshi.software.os.OperatingSystem;

/**
 * How much work wants to run: load averages and all threads. How many threads are runnable now is nothing that OSHI
 * tells: {@code load.runnable} is declared and left out.
 *
 * <p>Source: getloadavg(3) by way of {@link CentralProcessor#getSystemLoadAverage(int)};
 * {@link OperatingSystem#getThreadCount()}.
 */
@Component(configurationPid = "tidewatch.collector.load", property = "service.ranking:Integer=-100")
@CollectorProperties(name = "load", interval = "30s")
@Designate(ocd = LoadCollector.Config.class)
public final class LoadCollector implements Collector {
    @ObjectClassDefinition(id = "tidewatch.collector.load", name = "Load collector")
    @interface Config {}

    private static final List<Metric> AVERAGES = List.of(
            Metric.gauge("load.1m", Unit.NONE, "Threads that ran or waited for a disk, averaged over a minute"),
            Metric.gauge("load.5m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 5 minutes"),
            Metric.gauge("load.15m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 15 minutes"));
    private static final Metric RUNNABLE =
            Metric.gauge("load.runnable", Unit.NONE, "Threads that run or could run now");
    private static final Metric THREADS = Metric.gauge("load.threads", Unit.NONE, "Threads of all processes");

    private final CentralProcessor processor;
    private final OperatingSystem system;

    @Activate
    public LoadCollector(@Reference Machine machine) {
        this(machine.hardware().getProcessor(), machine.system());
    }

    LoadCollector(CentralProcessor processor, OperatingSystem system) {
        this.processor = processor;
        this.system = system;
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(AVERAGES.stream(), Stream.of(RUNNABLE, THREADS)).toList();
    }

    @Override
    public List<Sample> collect() {
        List<Sample> samples = new ArrayList<>();
        double[] averages = processor.getSystemLoadAverage(AVERAGES.size());
        for (int i = 0; i < averages.length; i++) {
            // Negative where the system does not tell.
            if (averages[i] >= 0) {
                // To hundredths, as /proc/loadavg has them: short on the wire.
                samples.add(AVERAGES.get(i).sample(Math.round(100 * averages[i]) / 100.0));
            }
        }
        int threads = system.getThreadCount();
        if (threads > 0) {
            samples.add(THREADS.sample((double) threads));
        }
        return samples;
    }
}
