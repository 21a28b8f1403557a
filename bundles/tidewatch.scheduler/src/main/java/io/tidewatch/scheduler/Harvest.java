package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a collector returned, checked against what it declared.
 *
 * @param samples the samples to keep
 * @param dropped how many were left out, by reason
 * @param remark what to report of the dropped samples, or empty
 * @param diagnostics what the collector reports of its source
 */
record Harvest(List<Sample> samples, Map<String, Integer> dropped, String remark, List<Diagnostic> diagnostics) {
    /** Nothing was collected. */
    static final Harvest NOTHING = new Harvest(List.of(), Map.of(), "", List.of());

    /** Samples that one pass may have. */
    static final int MOST_SAMPLES = 10_000;

    private static final int NAMED_METRICS = 3;
    private static final int MOST_DIAGNOSTICS = 100;

    /**
     * Copies and checks the samples. The list is foreign: its iteration may throw, block, or never end.
     *
     * @throws LossException if it is null or holds a null
     */
    static Harvest of(@Nullable List<? extends @Nullable Sample> returned, Set<Metric> declared) throws LossException {
        if (returned == null) {
            throw new LossException(
                    Loss.INVALID_RESULT, "collect() returned null; it returns an empty list for nothing");
        }
        List<Sample> samples = new ArrayList<>(Math.min(Math.max(returned.size(), 0), MOST_SAMPLES));
        Set<String> undeclared = new LinkedHashSet<>();
        Map<String, Integer> dropped = new HashMap<>();
        int seen = 0;
        for (Sample sample : returned) {
            if (sample == null) {
                throw new LossException(Loss.INVALID_RESULT, "collect() returned a list with a null in it");
            }
            if (seen++ == MOST_SAMPLES) {
                dropped.put(Loss.TOO_MANY_SAMPLES.reason(), Math.max(1, returned.size() - MOST_SAMPLES));
                break;
            }
            if (declared.contains(sample.metric())) {
                samples.add(sample);
            } else {
                dropped.merge(Loss.UNDECLARED_METRIC.reason(), 1, Integer::sum);
                if (undeclared.size() < NAMED_METRICS) {
                    undeclared.add(sample.metric().name());
                }
            }
        }
        return new Harvest(samples, dropped, remark(dropped, undeclared), List.of());
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

    /**
     * The same with what the collector reports of its source, of which the first hundred count. The list is foreign, too.
     *
     * @throws LossException if there is damage and not one sample, or a null
     */
    Harvest with(@Nullable List<? extends @Nullable Diagnostic> reported) throws LossException {
        if (reported == null) {
            throw new LossException(Loss.INVALID_RESULT, "diagnostics() returned null");
        }
        List<Diagnostic> kept = new ArrayList<>();
        int damaged = 0;
        for (Diagnostic diagnostic : reported) {
            if (diagnostic == null) {
                throw new LossException(Loss.INVALID_RESULT, "diagnostics() returned a list with a null in it");
            }
            if (kept.size() == MOST_DIAGNOSTICS) {
                break;
            }
            kept.add(new Diagnostic(
                    diagnostic.severity(),
                    Containment.oneLine(diagnostic.subject()),
                    Containment.oneLine(diagnostic.message())));
            damaged += diagnostic.severity() == Diagnostic.Severity.DAMAGED ? 1 : 0;
        }
        if (damaged > 0 && samples.isEmpty()) {
            throw new LossException(
                    Loss.DAMAGED_SOURCE, "nothing of the source can be read: " + DiagnosticText.damage(kept));
        }
        Map<String, Integer> all = new HashMap<>(dropped);
        if (damaged > 0) {
            all.merge(Loss.DAMAGED_SOURCE.reason(), damaged, Integer::sum);
        }
        return new Harvest(samples, all, remark, kept);
    }

    private static String remark(Map<String, Integer> dropped, Set<String> undeclared) {
        List<String> remarks = new ArrayList<>();
        if (!undeclared.isEmpty()) {
            remarks.add("samples of metrics that metrics() does not declare were dropped, such as " + undeclared);
        }
        if (dropped.containsKey(Loss.TOO_MANY_SAMPLES.reason())) {
            remarks.add("samples beyond the " + MOST_SAMPLES + " that a pass may have were dropped");
        }
        return String.join("; ", remarks);
    }
}
