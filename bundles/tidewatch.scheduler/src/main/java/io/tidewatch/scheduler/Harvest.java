package io.tidewatch.scheduler;

import static io.tidewatch.scheduler.LossException.unlessNull;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.DiagnosticCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.store.AppendResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a collector returned, checked against what it declared.
 *
 * @param samples the samples to keep, of the time of the pass
 * @param timed samples to keep, of times of their own
 * @param dropped how many were left out, by reason
 * @param remark what to report of the dropped samples, or empty
 */
record Harvest(
        List<Sample> samples,
        List<TimedSamples> timed,
        Map<String, Integer> dropped,
        String remark,
        List<Diagnostic> diagnostics) {
    static final Harvest NOTHING = new Harvest(List.of(), List.of(), Map.of(), "", List.of());

    static final int MOST_SAMPLES = 10_000;

    private static final String TOO_MANY = "samples beyond the " + MOST_SAMPLES + " that a pass may have were dropped";
    private static final int NAMED_METRICS = 3;
    private static final int MOST_DIAGNOSTICS = 100;

    /** The same with what else the collector reports of this pass, which began at that time. */
    Harvest with(Candidate.Held held, Instant time, DeclaredNames names) throws LossException {
        Collector collector = held.collector();
        Harvest harvest = this;
        if (collector instanceof DynamicCollector dynamic) {
            harvest = harvest.withTimed(dynamic.timedSamples(), held::accepts, time);
        }
        if (collector instanceof DiagnosticCollector reporting) {
            harvest = harvest.with(reporting.diagnostics());
        }
        return harvest.noting(names.clashes(harvest.samples()));
    }

    /** Copies and checks the samples. The list is foreign: its iteration may throw, block, or never end. */
    static Harvest of(@Nullable List<? extends @Nullable Sample> returned, Predicate<Metric> declared)
            throws LossException {
        List<? extends @Nullable Sample> all =
                unlessNull(returned, "collect() returned null; it returns an empty list for nothing");
        List<Sample> samples = new ArrayList<>(Math.min(Math.max(all.size(), 0), MOST_SAMPLES));
        Set<String> undeclared = new LinkedHashSet<>();
        Map<String, Integer> dropped = new HashMap<>();
        int seen = 0;
        for (Sample each : all) {
            Sample sample = unlessNull(each, "collect() returned a list with a null in it");
            if (seen++ == MOST_SAMPLES) {
                dropped.put(Loss.TOO_MANY_SAMPLES.reason(), Math.max(1, all.size() - MOST_SAMPLES));
                break;
            }
            if (declared.test(sample.metric())) {
                samples.add(sample);
            } else {
                dropped.merge(Loss.UNDECLARED_METRIC.reason(), 1, Integer::sum);
                if (undeclared.size() < NAMED_METRICS) {
                    undeclared.add(sample.metric().name());
                }
            }
        }
        return new Harvest(samples, List.of(), dropped, remark(dropped, undeclared), List.of());
    }

    /** What to report of a pass that was appended, or empty. */
    String remark(AppendResult appended) {
        List<String> remarks = new ArrayList<>();
        if (!remark.isEmpty()) {
            remarks.add(remark);
        }
        if (!appended.dropped().isEmpty()) {
            remarks.add("samples were dropped by the store as " + appended.dropped());
        }
        if (appended.deferred() > 0) {
            remarks.add(appended.deferred() + " samples of the last pass wait in memory for the disk, see storage");
        }
        return String.join("; ", remarks);
    }

    /** The same with what the collector reports of its source, of which the first hundred count. It is foreign, too. */
    Harvest with(@Nullable List<? extends @Nullable Diagnostic> reported) throws LossException {
        List<Diagnostic> kept = new ArrayList<>();
        int damaged = 0;
        Map<String, Integer> all = new HashMap<>(dropped);
        for (Diagnostic each : unlessNull(reported, "diagnostics() returned null")) {
            Diagnostic diagnostic = unlessNull(each, "diagnostics() returned a list with a null in it");
            if (kept.size() == MOST_DIAGNOSTICS) {
                break;
            }
            kept.add(new Diagnostic(
                    diagnostic.severity(),
                    Containment.oneLine(diagnostic.subject()),
                    Containment.oneLine(diagnostic.message())));
            damaged += diagnostic.severity() == Diagnostic.Severity.DAMAGED ? 1 : 0;
            if (diagnostic.severity() != Diagnostic.Severity.NOTE) {
                all.merge(Loss.of(diagnostic.severity()).reason(), 1, Integer::sum);
            }
        }
        if (damaged > 0 && size() == 0) {
            throw new LossException(
                    Loss.DAMAGED_SOURCE, "nothing of the source can be read: " + CollectorReport.leftOut(kept));
        }
        return new Harvest(samples, timed, all, remark, kept);
    }

    /** The same with samples of times of their own, by the time of the pass. The lists are foreign, too. */
    Harvest withTimed(
            @Nullable List<? extends @Nullable TimedSamples> returned, Predicate<Metric> declared, Instant now)
            throws LossException {
        Harvest all = this;
        List<TimedSamples> kept = new ArrayList<>();
        int room = MOST_SAMPLES - samples.size();
        for (TimedSamples each : unlessNull(returned, "timedSamples() returned null")) {
            TimedSamples group = unlessNull(each, "timedSamples() returned a list with a null in it");
            Harvest checked = of(group.samples(), declared);
            int found = checked.samples().size();
            if (!group.isPlausible(now)) {
                all = all.without(Loss.IMPLAUSIBLE_TIME, found, "samples of " + group.time() + " were dropped");
            } else if (found > room) {
                all = all.without(Loss.TOO_MANY_SAMPLES, found, TOO_MANY);
            } else {
                room -= found;
                kept.add(new TimedSamples(group.time(), checked.samples()));
            }
            all = all.without(checked);
        }
        return new Harvest(samples, kept, all.dropped(), all.remark(), diagnostics);
    }

    Harvest noting(List<Diagnostic> notes) {
        if (notes.isEmpty()) {
            return this;
        }
        List<Diagnostic> all = new ArrayList<>(diagnostics);
        all.addAll(notes);
        return new Harvest(samples, timed, dropped, remark, all);
    }

    int size() {
        return samples.size()
                + timed.stream().mapToInt(group -> group.samples().size()).sum();
    }

    private Harvest without(Loss loss, int count, String why) {
        return without(new Harvest(List.of(), List.of(), Map.of(loss.reason(), count), why, List.of()));
    }

    private Harvest without(Harvest other) {
        Map<String, Integer> both = new HashMap<>(dropped);
        other.dropped().forEach((reason, count) -> both.merge(reason, count, Integer::sum));
        String more = remark.contains(other.remark()) ? "" : (remark.isEmpty() ? "" : "; ") + other.remark();
        return new Harvest(samples, timed, both, remark + more, diagnostics);
    }

    private static String remark(Map<String, Integer> dropped, Set<String> undeclared) {
        List<String> remarks = new ArrayList<>();
        if (!undeclared.isEmpty()) {
            remarks.add("samples of metrics that metrics() does not declare were dropped, such as " + undeclared);
        }
        if (dropped.containsKey(Loss.TOO_MANY_SAMPLES.reason())) {
            remarks.add(TOO_MANY);
        }
        return String.join("; ", remarks);
    }
}
