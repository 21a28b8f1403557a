package io.tidewatch.collector.pressure;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.ProcBuffer;
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
 * For how long work had to wait for a resource: the clearest sign of a machine that is too busy. A resource that the
 * kernel does not account (before Linux 4.20, built without, or booted with {@code psi=0}, where the files exist and
 * refuse to be read) is left out.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.pressure")
@CollectorProperties(name = "pressure", interval = "10s")
@Designate(ocd = PressureCollector.Config.class)
public final class PressureCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.pressure", name = "Pressure collector")
    @interface Config {}

    private static final Metric WAITING = Metric.counter(
            "pressure.waiting_seconds_total", Unit.SECONDS, "Time in which some work waited for it", "resource");
    private static final Metric STALLED = Metric.counter(
            "pressure.stalled_seconds_total",
            Unit.SECONDS,
            "Time in which all work that there was waited for it",
            "resource");
    /** Since Linux 6.1, and only where the kernel accounts the time of interrupts: nothing to miss. */
    private static final String YOUNGEST = "irq";

    private static final List<String> RESOURCES = List.of("cpu", "memory", "io", YOUNGEST);

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    @Activate
    public PressureCollector(@Reference ProcFs procFs) {
        folder = procFs.proc("pressure");
    }

    @Override
    public List<Metric> metrics() {
        return List.of(WAITING, STALLED);
    }

    @Override
    public List<Sample> collect() {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String resource : RESOURCES) {
            try {
                Stalls stalls = Stalls.read(buffer.read(folder.resolve(resource)), resource, diagnostics);
                add(samples, WAITING, resource, stalls.some());
                add(samples, STALLED, resource, stalls.full());
            } catch (IOException e) {
                // Also one that is there and refuses: this kernel does not account it either.
                if (!(e instanceof NoSuchFileException) || !resource.equals(YOUNGEST)) {
                    absent.add(resource);
                }
            }
        }
        if (!absent.isEmpty()) {
            diagnostics.note("absent", "this kernel does not account pressure of " + String.join(", ", absent));
        }
        return samples;
    }

    private static void add(List<Sample> samples, Metric metric, String resource, long micros) {
        if (micros != Stalls.ABSENT) {
            samples.add(metric.sample(micros / 1e6, resource));
        }
    }
}
