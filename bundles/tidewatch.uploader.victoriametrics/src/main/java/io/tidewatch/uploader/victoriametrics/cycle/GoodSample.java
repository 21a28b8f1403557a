package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sample that the server has accepted. Sent once more it shows whether the server still accepts samples, and harms
 * nothing. Not safe for use by several threads.
 */
final class GoodSample {
    private @Nullable Slice sample;

    void accepted(List<Slice> lines) {
        Slice line = lines.get(0);
        SeriesSamples samples = line.samples();
        // A copy: the sample would keep all samples of its delivery in memory.
        sample = new SeriesSamples(samples.series(), new long[] {samples.timestamp(line.from())}, new double[] {
                    samples.value(line.from())
                })
                .all();
    }

    /** The sample; nothing before the first one. */
    Optional<Slice> get() {
        return Optional.ofNullable(sample);
    }
}
