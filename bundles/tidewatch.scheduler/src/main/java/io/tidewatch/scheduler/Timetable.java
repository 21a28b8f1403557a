package io.tidewatch.scheduler;

/**
 * When passes start: at multiples of their interval after one origin that all collectors share. Passes of 10 s and of
 * 30 s so fall on the same moments, share a transaction of the store, and give equal timestamps that compress well.
 *
 * <p>Pure arithmetic on a monotonic clock of nanoseconds, whose values may wrap ({@link System#nanoTime}).
 *
 * @param origin the moment of tick 0
 */
record Timetable(long origin) {
    /**
     * The tick after a pass: the first one that is later than {@code now}, so that ticks missed by a long pass are
     * skipped rather than caught up with, and at least half an interval (of nanoseconds, above 0) after the pass
     * began, so that the pass which greets a new collector between two ticks is not followed at once by another.
     */
    long next(long now, long lastStart, long interval) {
        long sinceOrigin = now - origin;
        long afterNow = (Math.floorDiv(sinceOrigin, interval) + 1) * interval;
        long halfway = lastStart - origin + interval / 2;
        long notTooSoon = Math.floorDiv(halfway + interval - 1, interval) * interval;
        return origin + Math.max(afterNow, notTooSoon);
    }
}
