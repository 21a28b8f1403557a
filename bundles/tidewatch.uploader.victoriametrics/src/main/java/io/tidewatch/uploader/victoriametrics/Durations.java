package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.Arrays;

/**
 * The newest durations, for percentiles: 256 of them, 1 KB.
 *
 * <p>Not safe for use by several threads.
 */
final class Durations {
    private final float[] seconds = new float[256];
    private long count;

    void add(Duration duration) {
        seconds[(int) (count % seconds.length)] = (float) (duration.toNanos() / 1e9);
        count++;
    }

    /**
     * Percentiles in seconds, by the nearest-rank method; NaN while there is none.
     *
     * @param p50 half of all took no longer
     * @param p95 95 of 100 took no longer
     * @param p99 99 of 100 took no longer
     */
    record Percentiles(double p50, double p95, double p99) {}

    Percentiles percentiles() {
        float[] sorted = Arrays.copyOf(seconds, (int) Math.min(count, seconds.length));
        Arrays.sort(sorted);
        return new Percentiles(percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static double percentile(float[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(percent * sorted.length + 99) / 100 - 1];
    }
}
