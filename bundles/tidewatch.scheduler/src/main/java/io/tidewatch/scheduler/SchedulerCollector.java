package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.SourceCollector;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What all collectors gathered and lost, how long that took, and what the process uses. A collector that never lost
 * anything has no series of losses: it would cost as much as any other.
 */
@Component(service = Collector.class, configurationPid = "tidewatch.collector.scheduler")
@CollectorProperties(name = "scheduler", interval = "60s")
@Designate(ocd = SchedulerCollector.Config.class)
public final class SchedulerCollector extends SourceCollector {
    @ObjectClassDefinition(id = "tidewatch.collector.scheduler", name = "Scheduler collector")
    @interface Config {}

    private static final String COLLECTOR = "collector";
    private static final Metric COLLECTED = Metric.counter(
            "collector.metrics_collected_total", Unit.NONE, "Samples that the store has committed", COLLECTOR);
    private static final Metric FAILED = Metric.counter(
            "collector.metrics_failed_total",
            Unit.NONE,
            "Samples lost, and passes that failed before they had any",
            COLLECTOR);
    private static final RecentDurations.Metrics TOOK = RecentDurations.metrics(
            "collector.collection_duration_seconds", "From the start of a pass to its commit", COLLECTOR);
    private static final Metric MEMORY =
            Metric.gauge("agent.memory_resident_bytes", Unit.BYTES, "Memory of the agent in RAM");
    private static final Metric CPU =
            Metric.counter("agent.cpu_seconds_total", Unit.SECONDS, "Processor time of the agent since it was started");

    private final SchedulerSelf scheduler;
    private final OwnProcess process;

    @Activate
    public SchedulerCollector(@Reference SchedulerSelf scheduler) {
        this(scheduler, new OwnProcess());
    }

    SchedulerCollector(SchedulerSelf scheduler, OwnProcess process) {
        this.scheduler = scheduler;
        this.process = process;
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>(List.of(COLLECTED, FAILED));
        metrics.addAll(TOOK.all());
        metrics.addAll(List.of(MEMORY, CPU));
        return metrics;
    }

    @Override
    public List<Sample> collect() {
        List<Sample> samples = new ArrayList<>();
        scheduler.figures().forEach((name, figures) -> {
            samples.add(COLLECTED.sample((double) figures.collected(), name));
            if (figures.failed() > 0) {
                samples.add(FAILED.sample((double) figures.failed(), name));
            }
            samples.addAll(TOOK.samples(figures.durations(), name));
        });
        diagnostics.clear();
        add(samples, MEMORY, process::residentBytes);
        add(samples, CPU, process::cpuSeconds);
        return samples;
    }

    private interface Reading {
        OptionalDouble read() throws IOException;
    }

    private void add(List<Sample> samples, Metric metric, Reading reading) {
        try {
            reading.read().ifPresent(value -> samples.add(metric.sample(value)));
        } catch (IOException e) {
            diagnostics.damaged(metric.name(), e);
        }
    }
}
