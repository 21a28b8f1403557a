package io.tidewatch.itest.rivals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an outage has cost: for each series that was there before and after it, the samples that its own interval lets
 * expect between the last one before and the first one after, and how many of them the server has not got.
 *
 * @param series how many could be evaluated
 */
record Loss(int series, long expected, long lost) {
    /** So many samples before the outage tell a series' interval. */
    private static final int KNOWN = 4;

    /**
     * Counts.
     *
     * @param histories the times of the samples of each series, in milliseconds since the epoch
     * @param from when the outage began
     * @param to when it ended
     */
    static Loss over(Collection<? extends SortedSet<Long>> histories, long from, long to) {
        int series = 0;
        long expected = 0;
        long lost = 0;
        for (SortedSet<Long> history : histories) {
            SortedSet<Long> before = history.headSet(from);
            SortedSet<Long> after = history.tailSet(to + 1);
            if (before.size() < KNOWN || after.isEmpty()) {
                continue;
            }
            long interval = interval(before);
            SortedSet<Long> between = new TreeSet<>(history.subSet(before.last(), after.first() + 1));
            long missing = missing(between, interval);
            series++;
            lost += missing;
            expected += between.size() - 2 + missing;
        }
        return new Loss(series, expected, lost);
    }

    private static long interval(SortedSet<Long> times) {
        List<Double> steps = new ArrayList<>();
        Long earlier = null;
        for (Long time : times) {
            if (earlier != null) {
                steps.add((double) (time - earlier));
            }
            earlier = time;
        }
        return Math.round(Spread.of(steps).median());
    }

    private static long missing(SortedSet<Long> times, long interval) {
        long missing = 0;
        long earlier = times.first();
        for (long time : times) {
            missing += Math.max(0, Math.round((time - earlier) / (double) interval) - 1);
            earlier = time;
        }
        return missing;
    }
}
