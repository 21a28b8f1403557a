package io.tidewatch.collector.load;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
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
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How much work wants to run: load averages, runnable and all threads.
 *
 * <p>Source: proc_loadavg(5), {@code /proc/loadavg}: {@code 0.52 0.58 0.59 2/345 6789}, the number of threads that run or
 * wait for a disk, averaged over 1, 5 and 15 minutes; threads that are runnable now and all threads; the newest process id.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.load")
@CollectorProperties(name = "load", interval = "30s")
@Designate(ocd = LoadCollector.Config.class)
public final class LoadCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.load", name = "Load collector")
    @interface Config {}

    private static final List<Metric> AVERAGES = List.of(
            Metric.gauge("load.1m", Unit.NONE, "Threads that ran or waited for a disk, averaged over a minute"),
            Metric.gauge("load.5m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 5 minutes"),
            Metric.gauge("load.15m", Unit.NONE, "Threads that ran or waited for a disk, averaged over 15 minutes"));
    private static final Metric RUNNABLE =
            Metric.gauge("load.runnable", Unit.NONE, "Threads that run or could run now");
    private static final Metric THREADS = Metric.gauge("load.threads", Unit.NONE, "Threads of all processes");

    /** PID_MAX_LIMIT of the kernel: there are no more threads than that. */
    private static final int MOST_THREADS = 1 << 22;

    private final ProcFile file;

    @Activate
    public LoadCollector(@Reference ProcFs procFs) {
        file = procFs.procFile("loadavg");
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(AVERAGES.stream(), Stream.of(RUNNABLE, THREADS)).toList();
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        try {
            return read(file.read());
        } catch (NoSuchFileException e) {
            diagnostics.note("loadavg", "this machine has no " + file.path());
            return List.of();
        }
    }

    List<Sample> read(Fields fields) {
        List<Sample> samples = new ArrayList<>();
        fields.nextLine();
        for (Metric average : AVERAGES) {
            addAverage(samples, average, fields);
        }
        addThreads(samples, fields);
        return samples;
    }

    private void addAverage(List<Sample> samples, Metric metric, Fields fields) {
        try {
            double average = fields.decimal();
            if (average <= MOST_THREADS) {
                samples.add(metric.sample(average));
            } else {
                diagnostics.damaged(metric.name(), fields.rejected("a load of at most " + MOST_THREADS));
            }
        } catch (ProcFormatException e) {
            diagnostics.damaged(metric.name(), e);
            fields.skipField();
        }
    }

    private void addThreads(List<Sample> samples, Fields fields) {
        try {
            long runnable = fields.numberBefore('/');
            long all = fields.number();
            if (runnable > all || all > MOST_THREADS) {
                throw fields.rejected("runnable threads among all, of which there are at most " + MOST_THREADS);
            }
            samples.add(RUNNABLE.sample((double) runnable));
            samples.add(THREADS.sample((double) all));
        } catch (ProcFormatException e) {
            diagnostics.damaged(THREADS.name(), e);
        }
    }
}
