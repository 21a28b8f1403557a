package io.tidewatch.api.collector;

import java.util.Arrays;
import java.util.List;

/**
 * How long the newest 256 of something took, for percentiles: a kilobyte, and exact, where a histogram would be neither.
 *
 * <pre>{@code
 * private static final RecentDurations.Metrics TOOK =
 *         RecentDurations.metrics("modem.answer_duration_seconds", "Time until a modem answered", "modem");
 *
 * durations.add(System.nanoTime() - start);
 * samples.addAll(TOOK.samples(durations, "wwan0"));
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class RecentDurations {
    private static final int KEPT = 256;
    private static final double MICROS = 1e6;

    private final float[] seconds = new float[KEPT];
    private long count;

    /** Metrics of percentiles, in seconds: half of all, 95 and 99 of 100 took no longer. */
    public record Metrics(Metric p50, Metric p95, Metric p99) {
        /** All three. */
        public List<Metric> all() {
            return List.of(p50, p95, p99);
        }

        /**
         * The percentiles now; none while there is no duration.
         *
         * @param tagValues one value per tag
         */
        public List<Sample> samples(RecentDurations durations, String... tagValues) {
            float[] sorted = durations.sorted();
            if (sorted.length == 0) {
                return List.of();
            }
            return List.of(
                    p50.sample(percentile(sorted, 50), tagValues),
                    p95.sample(percentile(sorted, 95), tagValues),
                    p99.sample(percentile(sorted, 99), tagValues));
        }
    }

    /**
     * Gauges named after a duration, with {@code _p50}, {@code _p95} and {@code _p99} behind it.
     *
     * @param name as {@code source.something_duration_seconds}
     * @param help what took so long
     * @param tags names of the tags
     */
    public static Metrics metrics(String name, String help, String... tags) {
        return new Metrics(
                Metric.gauge(name + "_p50", Unit.SECONDS, help + ", half of the newest 256", tags),
                Metric.gauge(name + "_p95", Unit.SECONDS, help + ", 95 % of the newest 256", tags),
                Metric.gauge(name + "_p99", Unit.SECONDS, help + ", 99 % of the newest 256", tags));
    }

    /**
     * One more.
     *
     * @param nanos how long it took
     */
    public synchronized void add(long nanos) {
        seconds[(int) (count % KEPT)] = (float) (nanos / 1e9);
        count++;
    }

    /**
     * A percentile of the newest 256 in seconds, to the microsecond, by the nearest-rank method; NaN while there is none.
     *
     * @param percent 1 to 100: so many of 100 took no longer
     */
    public double percentile(int percent) {
        float[] sorted = sorted();
        return sorted.length == 0 ? Double.NaN : percentile(sorted, percent);
    }

    private synchronized float[] sorted() {
        float[] sorted = Arrays.copyOf(seconds, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        return sorted;
    }

    private static double percentile(float[] sorted, int percent) {
        // A float has more digits, and they are noise that would be uploaded.
        return Math.round(sorted[(percent * sorted.length + 99) / 100 - 1] * MICROS) / MICROS;
    }
}
