package io.tidewatch.store.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Moves samples in time: those that are pending, and texts. Not safe for use by several threads.
 *
 * <p>They are moved one after the other, oldest first. That never meets one that has yet to move, except when the stretch
 * moves into the future and onto itself; then all of them are parked at times before the epoch first.
 */
final class ClockShift {
    private static final long PARKED = -DeliveryState.END;

    private final SampleTable samples;
    private final SeriesTable series;
    private final DeliveryState state;
    private LongPredicate moving = time -> true;
    private final Map<Integer, Long> last = new HashMap<>();
    private final long[] first = new long[DeliveryState.LEVELS];

    ClockShift(SampleTable samples, SeriesTable series, DeliveryState state) {
        this.samples = samples;
        this.series = series;
        this.state = state;
    }

    /** @throws IllegalArgumentException if a stretch is moved out of the times that samples can have */
    static void requirePossible(long from, long until, long step) {
        if (Math.abs(step) > DeliveryState.END || from + step < 0 || until + step > DeliveryState.END) {
            throw new IllegalArgumentException("Moved by " + Duration.ofMillis(step) + ", " + Instant.ofEpochMilli(from)
                    + " to " + Instant.ofEpochMilli(until) + " is out of the times that samples can have");
        }
    }

    /**
     * Moves them in the caller's transaction; no delivery is under way.
     *
     * @param from first millisecond
     * @param until millisecond after the last
     * @param step milliseconds to add
     * @return how many moved
     */
    long shift(long from, long until, long step) throws SQLException {
        return shift(from, until, step, time -> true);
    }

    /**
     * As above, but only what is of the right times.
     *
     * @param moving whether the samples at a time move
     */
    long shift(long from, long until, long step, LongPredicate moving) throws SQLException {
        this.moving = moving;
        if (step == 0 || from >= until) {
            return 0;
        }
        last.clear();
        Arrays.fill(first, until);
        long[] oldest = new long[DeliveryState.LEVELS];
        for (int level = 0; level < oldest.length; level++) {
            oldest[level] = state.pending().oldest(level);
        }
        boolean ontoItself = step > 0 && step < until - from;
        if (ontoItself) {
            walk(from, until, PARKED, true);
        }
        long parked = ontoItself ? PARKED : 0;
        long moved = walk(from + parked, until + parked, step - parked, false);
        raiseBounds(oldest, from);
        return moved;
    }

    private long walk(long from, long until, long step, boolean parks) throws SQLException {
        long count = 0;
        long position = from;
        while (position < until) {
            SamplePage page =
                    SamplePage.read(samples, series, state, DeliveredRanges.NONE, position, until, SamplePage.SAMPLES);
            for (int i = 0; i < page.size(); i++) {
                if (page.time(i) >= 0 && !moving.test(page.time(i))) {
                    stay(page, i);
                } else if (page.isPending(i) || page.isText(i)) {
                    if (parks) {
                        park(page, i, step);
                    } else {
                        move(page, i, step);
                    }
                    count++;
                }
            }
            position = page.end();
        }
        return count;
    }

    /** It is still pending, if it was, so that no bound may say that nothing is pending there. */
    private void stay(SamplePage page, int index) throws SQLException {
        if (page.isPending(index)) {
            int level = series.get(page.series(index)).level();
            first[level] = Math.min(first[level], page.time(index));
        }
    }

    private void park(SamplePage page, int index, long step) throws SQLException {
        samples.move(page.time(index), page.series(index), page.time(index) + step);
        leave(page, index);
    }

    private void move(SamplePage page, int index, long step) throws SQLException {
        long time = page.time(index);
        int id = page.series(index);
        long target = Math.max(time + step, last.getOrDefault(id, -1L) + 1);
        while (!samples.move(time, id, target)) {
            target++;
        }
        last.put(id, target);
        leave(page, index);
        arrive(target, series.get(id));
    }

    private void leave(SamplePage page, int index) throws SQLException {
        if (page.isException(index)) {
            state.tables().removeException(page.time(index), page.series(index));
        }
    }

    private void arrive(long time, StoredSeries of) throws SQLException {
        series.seen(of.id(), time);
        if (of.isText()) {
            state.historyAt(time);
            return;
        }
        state.pending().moved(of.level(), time);
        first[of.level()] = Math.min(first[of.level()], time);
        if (state.delivered(of.level()).contains(time)) {
            state.tables().putException(time, of.id(), true);
        }
    }

    /** Where the oldest pending sample moved, the bound moves after it, so that ages are told from the new time. */
    private void raiseBounds(long[] oldest, long from) {
        for (int level = 0; level < oldest.length; level++) {
            if (oldest[level] >= from) {
                state.pending().noneBefore(level, first[level]);
            }
        }
    }
}
