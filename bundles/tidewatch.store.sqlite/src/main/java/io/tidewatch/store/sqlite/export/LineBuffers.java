package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers samples, which come in the order of time, by series until they fill a line. Bounded: when too many are gathered
 * in all, each series gets its line early. The output depends on the samples alone.
 */
public final class LineBuffers {
    public interface Target {
        void line(StoredSeries series, SeriesSamples samples) throws IOException;
    }

    /** Samples of all series at most, at 16 bytes each. */
    private static final int MOST = 200_000;

    private static final int FIRST = 8;

    private static final class Buffer {
        private final StoredSeries series;
        private long[] times = new long[FIRST];
        private double[] values = new double[FIRST];
        private int size;

        Buffer(StoredSeries series) {
            this.series = series;
        }
    }

    private final int lineValues;
    private final int most;
    private final Target target;
    private final Map<Integer, Buffer> byId = new TreeMap<>();
    private int gathered;

    public LineBuffers(int lineValues, Target target) {
        this(lineValues, MOST, target);
    }

    public LineBuffers(int lineValues, int most, Target target) {
        this.lineValues = lineValues;
        this.most = most;
        this.target = target;
    }

    /** Adds a sample, later than those of its series before. */
    public void add(StoredSeries series, long time, double value) throws IOException {
        Buffer buffer = byId.computeIfAbsent(series.id(), id -> new Buffer(series));
        if (buffer.size == buffer.times.length) {
            int length = Math.min(buffer.size * 2, Math.max(lineValues, FIRST));
            buffer.times = Arrays.copyOf(buffer.times, length);
            buffer.values = Arrays.copyOf(buffer.values, length);
        }
        buffer.times[buffer.size] = time;
        buffer.values[buffer.size++] = value;
        gathered++;
        if (buffer.size == lineValues) {
            flush(buffer);
        } else if (gathered == most) {
            flush();
        }
    }

    /** Gives each series that has samples gathered its line, in the order of their ids. */
    public void flush() throws IOException {
        for (Buffer buffer : byId.values()) {
            if (buffer.size > 0) {
                flush(buffer);
            }
        }
    }

    private void flush(Buffer buffer) throws IOException {
        gathered -= buffer.size;
        target.line(
                buffer.series,
                new SeriesSamples(
                        buffer.series.series(),
                        Arrays.copyOf(buffer.times, buffer.size),
                        Arrays.copyOf(buffer.values, buffer.size)));
        buffer.size = 0;
    }
}
