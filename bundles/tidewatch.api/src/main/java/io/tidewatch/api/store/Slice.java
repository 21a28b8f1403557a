package io.tidewatch.api.store;

import java.util.Objects;

/**
 * A run of samples of one series in a delivery: what goes into one line on the wire.
 *
 * @param samples the samples it is cut from
 * @param from first index
 * @param to index after the last; at least {@code from}
 */
public record Slice(SeriesSamples samples, int from, int to) {
    public Slice {
        Objects.requireNonNull(samples, "samples");
        Objects.checkFromToIndex(from, to, samples.size());
    }

    /** Number of samples. */
    public int size() {
        return to - from;
    }
}
