package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Some samples, numbers and texts, in the order they were read in. */
public final class StoredSamples {
    private static final String[] NO_TEXTS = {};
    private static final double[] NO_NUMBERS = {};

    private long[] times = new long[256];
    private int[] series = new int[256];
    private double[] values = new double[256];
    private @Nullable String @Nullable [] texts;
    private int size;

    /** Adds a sample: the text of a series of texts, else the number. */
    public void add(long time, StoredSeries of, double number, String text) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            series = Arrays.copyOf(series, size * 2);
            values = Arrays.copyOf(values, size * 2);
            texts = texts == null ? null : Arrays.copyOf(texts, size * 2);
        }
        times[size] = time;
        series[size] = of.id();
        values[size] = 0;
        if (of.isText()) {
            if (texts == null) {
                texts = new String[times.length];
            }
            texts[size] = text;
        } else {
            values[size] = number;
        }
        size++;
    }

    public int size() {
        return size;
    }

    /** Milliseconds since the epoch. */
    public long time(int index) {
        return times[index];
    }

    public int series(int index) {
        return series[index];
    }

    /** The number; 0 for a text. */
    public double value(int index) {
        return values[index];
    }

    /** The first of them. */
    public void truncate(int count) {
        size = Math.min(size, count);
    }

    /**
     * Calls back with the samples of one series after the other, in the order of their ids.
     *
     * @return false as soon as the callback did
     */
    public boolean bySeries(SeriesCatalogue catalogue, RunTaker taker) throws InterruptedException {
        int[] order = bySeries();
        int start = 0;
        while (start < size) {
            int id = series[order[start]];
            int end = start;
            while (end < size && series[order[end]] == id) {
                end++;
            }
            StoredSeries of = Objects.requireNonNull(catalogue.get(id), "only wanted series are read");
            if (!taker.take(run(of, order, start, end))) {
                return false;
            }
            start = end;
        }
        return true;
    }

    /** The indices of all samples in the order of their series, those of one in their own. */
    private int[] bySeries() {
        long[] keys = new long[size];
        Arrays.setAll(keys, i -> (long) series[i] << Integer.SIZE | i);
        Arrays.sort(keys);
        return LongStream.of(keys).mapToInt(key -> (int) key).toArray();
    }

    public interface RunTaker {
        boolean take(SeriesRun run) throws InterruptedException;
    }

    private SeriesRun run(StoredSeries of, int[] order, int start, int end) {
        int length = end - start;
        long[] runTimes = new long[length];
        double[] runValues = of.isText() ? NO_NUMBERS : new double[length];
        String[] runTexts = of.isText() ? new String[length] : NO_TEXTS;
        for (int i = 0; i < length; i++) {
            int index = order[start + i];
            runTimes[i] = times[index];
            if (of.isText()) {
                runTexts[i] = texts == null ? "" : Objects.requireNonNullElse(texts[index], "");
            } else {
                runValues[i] = values[index];
            }
        }
        return new SeriesRun(of.series(), runTimes, runValues, runTexts);
    }
}
