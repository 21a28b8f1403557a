package io.tidewatch.collector.load;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.ProcFile;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How much work wants to run: load averages, runnable and all threads.
 *
 * <p>Source: {@code /proc/loadavg}, see {@link LoadAverage}.
 */
@Component(configurationPid = "tidewatch.collector.load")
@CollectorProperties(name = "load", interval = "30s")
@Designate(ocd = LoadCollector.Config.class)
public final class LoadCollector implements Collector {
    /** Configuration, PID {@code tidewatch.collector.load}: only what every collector has. */
    @ObjectClassDefinition(id = "tidewatch.collector.load", name = "Load collector")
    @interface Config {}

    private static final Metric ONE =
            Metric.gauge("load.1m", Unit.NONE, "Threads that ran or waited for a disk, averaged over a minute");
    private static final Metric FIVE =
            Metric.gauge("load.5m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 5 minutes");
    private static final Metric FIFTEEN =
            Metric.gauge("load.15m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 15 minutes");
    private static final Metric RUNNABLE =
            Metric.gauge("load.runnable", Unit.NONE, "Threads that run or could run now");
    private static final Metric THREADS = Metric.gauge("load.threads", Unit.NONE, "Threads of all processes");

    private final ProcFile file;

    /** @param procFs where /proc is */
    @Activate
    public LoadCollector(@Reference ProcFs procFs) {
        file = procFs.procFile("loadavg");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(ONE, FIVE, FIFTEEN, RUNNABLE, THREADS);
    }

    @Override
    public List<Sample> collect() throws IOException {
        LoadAverage load;
        try {
            load = LoadAverage.read(file.read());
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return List.of(
                ONE.sample(load.oneMinute()),
                FIVE.sample(load.fiveMinutes()),
                FIFTEEN.sample(load.fifteenMinutes()),
                RUNNABLE.sample((double) load.runnable()),
                THREADS.sample((double) load.threads()));
    }
}
