package io.tidewatch.api.store;

import io.tidewatch.api.collector.Kind;
import java.util.Objects;

/**
 * Stored samples of one series, numbers or texts, in the order of the query that found them. Immutable; the arrays given
 * to the constructor must not be changed afterwards.
 */
public final class SeriesRun {
    private final Series series;
    private final long[] timestamps;
    private final double[] values;
    private final String[] texts;

    /**
     * @param series the series; of kind TEXT its samples are texts, else numbers
     * @param timestamps milliseconds since the epoch
     * @param values one number per timestamp; none for texts
     * @param texts one text per timestamp; none for numbers
     */
    public SeriesRun(Series series, long[] timestamps, double[] values, String[] texts) {
        this.series = Objects.requireNonNull(series, "series");
        boolean ofTexts = series.kind() == Kind.TEXT;
        if (values.length != (ofTexts ? 0 : timestamps.length) || texts.length != (ofTexts ? timestamps.length : 0)) {
            throw new IllegalArgumentException(series.kind() + ": " + timestamps.length + " timestamps, "
                    + values.length + " values, " + texts.length + " texts");
        }
        this.timestamps = timestamps;
        this.values = values;
        this.texts = texts;
    }

    /** The series. */
    public Series series() {
        return series;
    }

    /** Number of samples, at least one. */
    public int size() {
        return timestamps.length;
    }

    /** Milliseconds since the epoch of the sample at {@code index}. */
    public long timestamp(int index) {
        return timestamps[index];
    }

    /** Value of the sample at {@code index} of a numeric series. */
    public double value(int index) {
        return values[index];
    }

    /** Text of the sample at {@code index} of a series of texts. */
    public String text(int index) {
        return texts[index];
    }

    @Override
    public String toString() {
        return series.name() + series.tags() + "[" + size() + "]";
    }
}
