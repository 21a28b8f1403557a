package io.tidewatch.api.store;

import java.util.Objects;

/**
 * Samples of one numeric series in ascending order of time. Compared by identity: it is a part of one {@link Delivery}.
 * Immutable; the arrays given to the constructor must not be changed afterwards.
 */
public final class SeriesSamples {
    private final Series series;
    private final long[] timestamps;
    private final double[] values;

    /**
     * @param series the series
     * @param timestamps milliseconds since the epoch, strictly ascending
     * @param values finite values, one per timestamp
     */
    public SeriesSamples(Series series, long[] timestamps, double[] values) {
        this.series = Objects.requireNonNull(series, "series");
        if (timestamps.length != values.length) {
            throw new IllegalArgumentException(timestamps.length + " timestamps, " + values.length + " values");
        }
        this.timestamps = timestamps;
        this.values = values;
    }

    /** The series. */
    public Series series() {
        return series;
    }

    /** Number of samples. */
    public int size() {
        return timestamps.length;
    }

    /** Milliseconds since the epoch of the sample at {@code index}. */
    public long timestamp(int index) {
        return timestamps[index];
    }

    /** Value of the sample at {@code index}. */
    public double value(int index) {
        return values[index];
    }

    /** All samples as one slice. */
    public Slice all() {
        return new Slice(this, 0, size());
    }

    @Override
    public String toString() {
        return series.name() + series.tags() + "[" + size() + "]";
    }
}
