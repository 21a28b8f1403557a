package io.tidewatch.store.sqlite;

import java.sql.SQLException;
import java.util.Arrays;

/**
 * Some samples in ascending order of time, whole instants, with what is known of each. They are read before the reader
 * changes anything, since a query must not meet what its reader writes.
 */
final class SamplePage {
    /** As many as a transaction changes without making an append wait for long. */
    static final int SAMPLES = 2000;

    private final long end;
    private long[] times = new long[256];
    private int[] series = new int[256];
    private byte[] flags = new byte[256];
    private int size;

    private static final int TEXT = 1;
    private static final int PENDING = 2;
    private static final int EXCEPTION = 4;

    private SamplePage(SampleWalk walk, SeriesTable table, DeliveryState state, long until, int samplesPerPage)
            throws SQLException {
        long complete = until;
        while (walk.next()) {
            long time = walk.timestamp();
            if (size >= samplesPerPage && time != times[size - 1]) {
                complete = time;
                break;
            }
            StoredSeries of = table.get(walk.series());
            int flag = walk.isException() ? EXCEPTION : 0;
            if (of.isText()) {
                flag |= TEXT;
            } else if (walk.isPending(state.delivered(of.level()))) {
                flag |= PENDING;
            }
            add(time, of.id(), flag);
        }
        end = complete;
    }

    /**
     * Reads the first samples of a stretch.
     *
     * @param passedOver ranges that are not read, but for samples with exceptions
     * @param from first millisecond
     * @param until millisecond after the last
     * @param samplesPerPage how many to read, but for the rest of the last instant
     */
    static SamplePage read(
            SampleTable samples,
            SeriesTable table,
            DeliveryState state,
            DeliveredRanges passedOver,
            long from,
            long until,
            int samplesPerPage)
            throws SQLException {
        try (SampleWalk walk = new SampleWalk(samples, state.tables(), passedOver, from, until)) {
            return new SamplePage(walk, table, state, until, samplesPerPage);
        }
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** Everything before this time is read; the end of the stretch if that is all. */
    long end() {
        return end;
    }

    /** Milliseconds since the epoch. */
    long time(int index) {
        return times[index];
    }

    /** Id of the series. */
    int series(int index) {
        return series[index];
    }

    boolean isText(int index) {
        return (flags[index] & TEXT) != 0;
    }

    /** Whether the sample is pending; never a text. */
    boolean isPending(int index) {
        return (flags[index] & PENDING) != 0;
    }

    /** Whether the sample has an exception. */
    boolean isException(int index) {
        return (flags[index] & EXCEPTION) != 0;
    }

    private void add(long time, int id, int flag) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            series = Arrays.copyOf(series, size * 2);
            flags = Arrays.copyOf(flags, size * 2);
        }
        times[size] = time;
        series[size] = id;
        flags[size++] = (byte) flag;
    }
}
