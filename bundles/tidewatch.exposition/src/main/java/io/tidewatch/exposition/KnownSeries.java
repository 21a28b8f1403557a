package io.tidewatch.exposition;

import io.tidewatch.api.collector.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A series of a source, kept from page to page. Guarded by its {@link PageSamples}. */
final class KnownSeries {
    final Metric metric;
    final List<String> tagValues;
    final @Nullable MetricFamily family;

    /** The pass in which it was last seen, and when that was. */
    long pass;

    long seenNanos;
    /** Its newest timestamp that became a sample. */
    long timestamp = Long.MIN_VALUE;

    KnownSeries(Metric metric, List<String> tagValues, @Nullable MetricFamily family) {
        this.metric = metric;
        this.tagValues = tagValues;
        this.family = family;
    }
}
