package io.tidewatch.page.query;

import io.tidewatch.page.query.RangeQuery.Aggregate;
import java.util.Arrays;
import java.util.SortedMap;

/** The values of one series at the times of a range, made of its samples. Not safe for use by several threads. */
public final class SeriesValues {
    private final SortedMap<String, String> labels;
    private final Range range;
    private final Aggregate aggregate;
    private final long lookback;
    private final double[] values;

    /** Of {@link Aggregate#LAST} when each value was sampled, else how many samples it is made of. */
    private final long[] sources;

    SeriesValues(SortedMap<String, String> labels, Range range, Aggregate aggregate, long lookback) {
        this.labels = labels;
        this.range = range;
        this.aggregate = aggregate;
        this.lookback = lookback;
        values = new double[range.points()];
        sources = new long[values.length];
        Arrays.fill(values, Double.NaN);
    }

    /** All labels, with {@code __name__}. */
    public SortedMap<String, String> labels() {
        return labels;
    }

    /** Takes a sample; of equal times the one that is taken last counts. */
    void add(long time, double value) {
        int index = range.firstAtOrAfter(time);
        if (index == values.length || range.time(index) - time >= lookback) {
            return;
        }
        boolean first = Double.isNaN(values[index]);
        if (aggregate == Aggregate.LAST) {
            if (first || time >= sources[index]) {
                values[index] = value;
                sources[index] = time;
            }
            return;
        }
        double before = values[index];
        values[index] = first
                ? value
                : switch (aggregate) {
                    case MIN -> Math.min(before, value);
                    case MAX -> Math.max(before, value);
                    default -> before + value;
                };
        sources[index]++;
    }

    /** The value at a time of the range; NaN if there is none. To be asked in ascending order once all samples are there. */
    public double value(int index) {
        if (aggregate == Aggregate.AVG) {
            return values[index] / sources[index];
        }
        if (aggregate == Aggregate.LAST
                && Double.isNaN(values[index])
                && index > 0
                && !Double.isNaN(values[index - 1])
                && range.time(index) - sources[index - 1] < lookback) {
            values[index] = values[index - 1];
            sources[index] = sources[index - 1];
        }
        return values[index];
    }

    /** Whether it has a value at any time; asks for all of them. */
    public boolean isEmpty() {
        boolean empty = true;
        for (int i = 0; i < values.length; i++) {
            empty &= Double.isNaN(value(i));
        }
        return empty;
    }
}
