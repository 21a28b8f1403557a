package io.tidewatch.exposition;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.List;

/** The metric that counts what a source's pages lost. Immutable. */
public final class DropCounts {
    private final Metric metric;

    /** @param source first part of the name, as in {@code scrape.dropped_total} */
    public DropCounts(String source) {
        metric = Metric.counter(
                source + ".dropped_total",
                Unit.NONE,
                "Lines that became no sample: malformed, max_series, not_finite, duplicate, max_bytes",
                "reason");
    }

    /** Returns the metric. */
    public Metric metric() {
        return metric;
    }

    /** Returns a sample per reason that has occurred. */
    public List<Sample> samples(PageSamples page) {
        return page.dropped().entrySet().stream()
                .map(entry ->
                        metric.sample((double) entry.getValue(), entry.getKey().tag()))
                .toList();
    }
}
