package io.tidewatch.command.trial;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.command.tail.Tail;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a pass gave: its samples, what is wrong, and what is worth knowing, as sentences. */
record TrialPass(List<Tail.Line> lines, List<String> problems, List<String> notes) {
    static TrialPass failed(String problem) {
        return new TrialPass(List.of(), List.of(problem), List.of());
    }

    boolean isFailed() {
        return lines.isEmpty() && !problems.isEmpty();
    }

    TrialPass noting(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new TrialPass(lines, problems, all);
    }

    /**
     * Calls a collector as the scheduler does, and names what the scheduler would reject.
     *
     * @param collector null: it could not be made
     */
    static TrialPass of(@Nullable Collector collector, String instance, Clock clock)
            throws IOException, InterruptedException {
        if (collector == null) {
            return failed("its component could not be activated");
        }
        TrialPass pass = new TrialPass(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Set<Metric> declared = Set.copyOf(collector.metrics());
        if (collector instanceof ConfigurableCollector configurable) {
            configurable
                    .rejectedSettings()
                    .forEach(rejected -> pass.problems.add(String.valueOf(rejected.getMessage())));
        }
        boolean dynamic = collector instanceof DynamicCollector;
        Set<Object> seen = new HashSet<>();
        List<TimedSamples> groups = new ArrayList<>();
        groups.add(new TimedSamples(clock.instant(), collector.collect()));
        if (collector instanceof DynamicCollector source) {
            groups.addAll(source.timedSamples());
        }
        for (TimedSamples group : groups) {
            if (!group.isPlausible(clock.instant())) {
                pass.problem("samples of " + group.time() + " are dropped: that is no time of a measurement; timestamps"
                        + " are in milliseconds since 1970");
                continue;
            }
            for (Sample sample : group.samples()) {
                Metric metric = sample.metric();
                Tail.Line line = line(sample, group.time().toEpochMilli(), instance);
                if (metric.unit() == Unit.FOREIGN ? !dynamic : !declared.contains(metric)) {
                    pass.problem("metrics() does not declare " + metric.name() + "; its samples are dropped");
                } else if (seen.add(List.of(line.time(), line.series()))) {
                    pass.lines.add(line);
                } else {
                    pass.problem("two samples of one series of " + metric.name() + "; one is dropped");
                }
            }
        }
        if (collector instanceof DiagnosticCollector source) {
            for (Diagnostic found : source.diagnostics()) {
                String text = found.subject() + ": " + found.message();
                (found.severity() == Diagnostic.Severity.NOTE ? pass.notes : pass.problems).add(text);
            }
        }
        pass.lines.sort(Tail.Line.ORDER);
        return pass;
    }

    private void problem(String text) {
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }

    private static Tail.Line line(Sample sample, long time, String instance) {
        Metric metric = sample.metric();
        SortedMap<String, String> tags = new TreeMap<>();
        if (!instance.isEmpty()) {
            tags.put("instance", instance);
        }
        for (int i = 0; i < metric.tags().size(); i++) {
            tags.put(metric.tags().get(i), sample.tagValues().get(i));
        }
        Series series = new Series(metric.name(), metric.kind(), metric.unit(), "", tags, Priority.NORMAL);
        return new Tail.Line(time, series, sample.text() == null ? (Object) sample.value() : sample.text());
    }
}
