package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.SeriesSamples;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The delivery that is under way, with what its settlement needs to know. It holds everything of the wanted priorities
 * that was pending from {@code from} to {@code last}; what is appended there meanwhile becomes an exception, so that
 * settling can declare the whole stretch delivered.
 */
final class Handout {
    private final Delivery delivery;
    private final int[] seriesIds;
    private final boolean[] wanted;
    private final long from;
    private final long last;
    private final long continuation;
    private final long[] oldestSince;
    private boolean exceptions;

    private Handout(
            Delivery delivery,
            int[] seriesIds,
            boolean[] wanted,
            long from,
            long last,
            long continuation,
            boolean exceptions) {
        this.delivery = delivery;
        this.seriesIds = seriesIds;
        this.wanted = wanted;
        this.from = from;
        this.last = last;
        this.continuation = continuation;
        this.exceptions = exceptions;
        this.oldestSince = new long[wanted.length];
        Arrays.fill(oldestSince, PendingCount.NONE);
    }

    Delivery delivery() {
        return delivery;
    }

    /** Id of the series at this index of the delivery. */
    int seriesId(int index) {
        return seriesIds[index];
    }

    /** Whether a sample was handed out. */
    boolean holds(int id, long timestamp) {
        for (int i = 0; i < seriesIds.length; i++) {
            if (seriesIds[i] == id) {
                SeriesSamples samples = delivery.series().get(i);
                int low = 0;
                int high = samples.size();
                while (low < high) {
                    int middle = (low + high) >>> 1;
                    if (samples.timestamp(middle) < timestamp) {
                        low = middle + 1;
                    } else {
                        high = middle;
                    }
                }
                return low < samples.size() && samples.timestamp(low) == timestamp;
            }
        }
        return false;
    }

    /** Whether the query wanted samples of this priority level. */
    boolean wants(int level) {
        return wanted[level];
    }

    /** Start of the stretch. */
    long from() {
        return from;
    }

    /** The last instant handed out. */
    long last() {
        return last;
    }

    /** Whether a sample lies in the stretch. */
    boolean covers(int level, long timestamp) {
        return wanted[level] && timestamp >= from && timestamp <= last;
    }

    /** A sample of this level, which was not handed out, became pending. */
    void added(int level, long timestamp) {
        oldestSince[level] = Math.min(oldestSince[level], timestamp);
    }

    /** Nothing of this level that was not handed out is pending between {@code from} and this. */
    long nextPending(int level) {
        return Math.min(oldestSince[level], continuation);
    }

    /** Whether samples in the stretch may have exceptions. */
    boolean mayHaveExceptions() {
        return exceptions;
    }

    void gotException() {
        exceptions = true;
    }

    /**
     * Collects samples in ascending order of time, whole instants, up to a number. It is used for one handout after the
     * other: while a backlog drains each is as large as the one before, and making room for it anew would fill the heap.
     */
    static final class Builder {
        private static final int LEAST_ROOM = 256;

        private int maxSamples;
        private long[] times = new long[LEAST_ROOM];
        private int[] series = new int[LEAST_ROOM];
        private double[] values = new double[LEAST_ROOM];
        private int size;
        private int instantStart;
        private boolean exceptions;

        /** Starts anew, and gives back room of which the last handout has used less than a quarter. */
        void reset(int most) {
            if (size < times.length / 4) {
                int room = Math.max(LEAST_ROOM, times.length / 4);
                times = new long[room];
                series = new int[room];
                values = new double[room];
            }
            maxSamples = most;
            size = 0;
            instantStart = 0;
            exceptions = false;
        }

        /**
         * Adds a sample; false if there is no room for it. Then the instant it belongs to is left out whole, and this
         * builder is complete.
         */
        boolean add(long time, int seriesId, double value) {
            boolean newInstant = size == 0 || times[size - 1] != time;
            if (size >= maxSamples) {
                if (newInstant) {
                    return false;
                }
                if (instantStart > 0) {
                    size = instantStart;
                    return false;
                }
            }
            if (newInstant) {
                instantStart = size;
            }
            if (size == times.length) {
                // One instant alone may have more samples than are wanted.
                int room = size < maxSamples ? Math.min(size * 2, maxSamples) : size * 2;
                times = Arrays.copyOf(times, room);
                series = Arrays.copyOf(series, room);
                values = Arrays.copyOf(values, room);
            }
            times[size] = time;
            series[size] = seriesId;
            values[size++] = value;
            return true;
        }

        /** A sample of the stretch, pending or not, has an exception. */
        void metException() {
            exceptions = true;
        }

        boolean isEmpty() {
            return size == 0;
        }

        /** The handout of what was collected, series in the order of their first samples. */
        Handout build(SeriesTable table, boolean[] wanted, long from, long continuation) throws SQLException {
            Map<Integer, Integer> indexOf = new HashMap<>();
            int[] counts = new int[Math.min(size, table.size())];
            int[] ids = new int[counts.length];
            for (int i = 0; i < size; i++) {
                int fresh = indexOf.size();
                int index = indexOf.computeIfAbsent(series[i], id -> fresh);
                ids[index] = series[i];
                counts[index]++;
            }
            int distinct = indexOf.size();
            long[][] seriesTimes = new long[distinct][];
            double[][] seriesValues = new double[distinct][];
            for (int s = 0; s < distinct; s++) {
                seriesTimes[s] = new long[counts[s]];
                seriesValues[s] = new double[counts[s]];
                counts[s] = 0;
            }
            for (int i = 0; i < size; i++) {
                int s = indexOf.getOrDefault(series[i], 0);
                seriesTimes[s][counts[s]] = times[i];
                seriesValues[s][counts[s]++] = values[i];
            }
            SeriesSamples[] samples = new SeriesSamples[distinct];
            for (int s = 0; s < distinct; s++) {
                samples[s] = new SeriesSamples(table.get(ids[s]).series(), seriesTimes[s], seriesValues[s]);
            }
            Delivery delivery = new Delivery(UUID.randomUUID(), List.of(samples));
            return new Handout(
                    delivery, Arrays.copyOf(ids, distinct), wanted, from, times[size - 1], continuation, exceptions);
        }
    }
}
