package io.tidewatch.exposition;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How many samples a collector has dropped since its start, by reason. Not safe for use by several threads. */
public final class DropCounts {
    private final Metric metric;
    private final Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);

    /** @param source first part of the name of the metric, as in {@code scrape.dropped_total} */
    public DropCounts(String source) {
        metric = Metric.counter(
                source + ".dropped_total",
                Unit.NONE,
                "Samples dropped: malformed, max_series, not_finite, duplicate; max_bytes counts pages",
                "reason");
    }

    public Metric metric() {
        return metric;
    }

    public void add(DropReason reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    /** Returns a sample of the metric per reason that has occurred. */
    public List<Sample> samples() {
        return counts.entrySet().stream()
                .map(entry ->
                        metric.sample((double) entry.getValue(), entry.getKey().tag()))
                .toList();
    }
}
