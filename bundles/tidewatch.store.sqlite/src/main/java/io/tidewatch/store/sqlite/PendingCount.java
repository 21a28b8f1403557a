package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Priority;
import java.util.Arrays;

/** How many samples are pending and since when, by priority level. A time is a bound: at or before the oldest one. */
final class PendingCount {
    /** The time of the oldest sample where there is none. */
    static final long NONE = Long.MAX_VALUE;

    private static final int LEVELS = Priority.values().length;

    private final long[] count;
    private final long[] oldest;

    PendingCount() {
        this(new long[LEVELS], new long[LEVELS]);
        Arrays.fill(oldest, NONE);
    }

    private PendingCount(long[] count, long[] oldest) {
        this.count = count;
        this.oldest = oldest;
    }

    PendingCount copy() {
        return new PendingCount(count.clone(), oldest.clone());
    }

    /** Counts of one level, from elsewhere. */
    void set(int level, long samples, long bound) {
        count[level] = samples;
        oldest[level] = bound;
    }

    void add(int level, long timestamp) {
        count[level]++;
        oldest[level] = Math.min(oldest[level], timestamp);
    }

    /** One less, of which only a new bound, if at all, tells that it was the oldest. */
    void remove(int level) {
        count[level]--;
        if (count[level] == 0) {
            oldest[level] = NONE;
        }
    }

    /** One of this level has this time from now on. */
    void moved(int level, long timestamp) {
        oldest[level] = Math.min(oldest[level], timestamp);
    }

    /** Nothing of this level is pending before {@code timestamp}. */
    void noneBefore(int level, long timestamp) {
        if (count[level] > 0) {
            oldest[level] = Math.max(oldest[level], timestamp);
        }
    }

    long count(int level) {
        return count[level];
    }

    /** Nothing of this level is pending before this; {@link #NONE} if nothing is pending at all. */
    long oldest(int level) {
        return oldest[level];
    }

    long total() {
        long total = 0;
        for (long one : count) {
            total += one;
        }
        return total;
    }

    /** Nothing is pending before this; {@link #NONE} if nothing is pending at all. */
    long oldest() {
        long time = NONE;
        for (long one : oldest) {
            time = Math.min(time, one);
        }
        return time;
    }
}
