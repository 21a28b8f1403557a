package io.tidewatch.collector.accelerator;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * How busy the parts of a chip are that work beside the processor: GPU, NPU, encoders and decoders of video, memory
 * controller. What the kernel does not say is left out; that a clock runs is no load. A machine on which nothing is found
 * is looked at again after {@value #PASSES_BETWEEN_SEARCHES} passes.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.accelerator")
@CollectorProperties(name = "accelerator", interval = "10s")
@Designate(ocd = AcceleratorCollector.Config.class)
public final class AcceleratorCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.accelerator", name = "Accelerator collector")
    @interface Config {}

    static final Metric LOAD = Metric.gauge(
            "accelerator.load_percent", Unit.PERCENT, "Share of the time in which the device was busy", "device");
    static final Metric UTILIZATION = Metric.gauge(
            "accelerator.utilization_percent",
            Unit.PERCENT,
            "Share of the time in which the hardware of a video core ran",
            "device");
    static final Metric FREQUENCY =
            Metric.gauge("accelerator.frequency_hertz", Unit.HERTZ, "Frequency that the device runs at", "device");

    /** Five minutes at the usual interval. */
    static final int PASSES_BETWEEN_SEARCHES = 30;

    private final FrequencyDevices frequencyDevices;
    private final VideoCores videoCores;
    private final DebugLoads debugLoads;
    private int passesUntilSearch;

    @Activate
    public AcceleratorCollector(@Reference ProcFs procFs) {
        this(procFs, System::nanoTime);
    }

    AcceleratorCollector(ProcFs procFs, LongSupplier nanoTime) {
        CoreNames names = new CoreNames();
        frequencyDevices = new FrequencyDevices(procFs, names);
        videoCores = new VideoCores(procFs, names, nanoTime);
        debugLoads = new DebugLoads(procFs);
    }

    @Override
    public List<Metric> metrics() {
        return List.of(LOAD, UTILIZATION, FREQUENCY);
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        if (passesUntilSearch > 0) {
            passesUntilSearch--;
            return List.of();
        }
        List<Sample> samples = new ArrayList<>();
        videoCores.addTo(samples, diagnostics);
        frequencyDevices.addTo(samples, diagnostics);
        debugLoads.addTo(samples, diagnostics);
        if (samples.isEmpty() && diagnostics.list().isEmpty()) {
            passesUntilSearch = PASSES_BETWEEN_SEARCHES - 1;
        }
        return samples;
    }
}
