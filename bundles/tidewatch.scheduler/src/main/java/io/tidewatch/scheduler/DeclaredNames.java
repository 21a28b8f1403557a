package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that the metrics of collectors have in PromQL, to find metrics of other programs that are called the same. Safe
 * for use by several threads.
 */
final class DeclaredNames {
    private static final int NAMED = 3;

    private final Map<String, String> collectors = new ConcurrentHashMap<>();

    void add(String collector, Set<Metric> declared) {
        for (Metric metric : declared) {
            collectors.putIfAbsent(PrometheusName.of(metric.name(), metric.kind(), metric.unit()), collector);
        }
    }

    void remove(String collector) {
        collectors.values().removeIf(collector::equals);
    }

    /** Returns a note on foreign metrics that are called like those of collectors; empty if there is none. */
    List<Diagnostic> clashes(List<Sample> samples) {
        Set<String> clashing = new TreeSet<>();
        for (Sample sample : samples) {
            Metric metric = sample.metric();
            String other = metric.unit() == Unit.FOREIGN ? collectors.get(metric.name()) : null;
            if (other != null && clashing.size() < NAMED) {
                clashing.add(metric.name() + " (collector " + other + ")");
            }
        }
        return clashing.isEmpty()
                ? List.of()
                : List.of(new Diagnostic(
                        Diagnostic.Severity.NOTE,
                        "names",
                        "metrics that are called like those of other collectors: " + String.join(", ", clashing)
                                + "; the label instance distinguishes them"));
    }
}
