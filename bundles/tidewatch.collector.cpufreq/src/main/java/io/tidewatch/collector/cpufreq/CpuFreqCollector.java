package io.tidewatch.collector.cpufreq;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Whether heat slows the processor down: frequencies of the cores beside their maxima, and how hard the cooling devices
 * work. What cannot be read, as the frequency of a core that is offline, is left out.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.cpufreq")
@CollectorProperties(name = "cpufreq", interval = "30s")
@Designate(ocd = CpuFreqCollector.Config.class)
public final class CpuFreqCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.cpufreq", name = "Core frequency collector")
    @interface Config {}

    private final CorePolicies policies;
    private final CoolingDevices coolingDevices;

    @Activate
    public CpuFreqCollector(@Reference ProcFs procFs) {
        policies = new CorePolicies(procFs.sys("devices/system/cpu"));
        coolingDevices = new CoolingDevices(procFs.sys("class/thermal"));
    }

    @Override
    public List<Metric> metrics() {
        return Stream.concat(CorePolicies.METRICS.stream(), CoolingDevices.METRICS.stream())
                .toList();
    }

    @Override
    public List<Sample> collect() throws IOException {
        diagnostics.clear();
        List<Sample> samples = new ArrayList<>();
        policies.addTo(samples, diagnostics);
        coolingDevices.addTo(samples, diagnostics);
        if (samples.isEmpty() && diagnostics.list().isEmpty()) {
            diagnostics.note("source", "this machine has no CPU frequencies and no cooling devices");
        }
        return samples;
    }
}
