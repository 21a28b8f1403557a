package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers samples, which come in the order of time, by series until they fill a line. Bounded: when too many are gathered
 * in all, each series gets its line early. The output depends on the samples alone.
 */
public final class LineBuffers {
    /** Takes the samples of a line. */
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
    private @Nullable Buffer[] byId;
    private int gathered;

    public LineBuffers(int lineValues, Target target) {
        this(lineValues, MOST, target);
    }

    public LineBuffers(int lineValues, int most, Target target) {
        this.lineValues = lineValues;
        this.most = most;
        this.target = target;
        byId = new Buffer[64];
    }

    /** Adds a sample, later than those of its series before. */
    public void add(StoredSeries series, long time, double value) throws IOException {
        Buffer buffer = bufferOf(series);
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
        for (Buffer buffer : byId) {
            if (buffer != null && buffer.size > 0) {
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

    private Buffer bufferOf(StoredSeries series) {
        int id = series.id();
        if (id >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(id + 1, byId.length * 2));
        }
        Buffer buffer = byId[id];
        if (buffer == null) {
            buffer = new Buffer(series);
            byId[id] = buffer;
        }
        return buffer;
    }
}
