package io.tidewatch.store.sqlite;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;

/**
 * Removes samples in steps, each of which is a page of samples in its caller's transaction. Not safe for use by several
 * threads.
 *
 * <p>What is not pending is found without reading the backlog again and again: everything but pending samples is known to
 * be gone before {@link DeliveryState#historyFrom}.
 */
final class Eviction {
    /**
     * What a step did.
     *
     * @param samples how many it removed
     * @param setAside how many of those were set aside
     * @param next where to go on, in milliseconds; the end of the stretch if nothing is left there
     */
    record Step(long samples, int setAside, long next) {}

    private final SampleTable samples;
    private final SeriesTable series;
    private final DeliveryState state;
    private final SettlementLog settlements;

    Eviction(SampleTable samples, SeriesTable series, DeliveryState state, SettlementLog settlements) {
        this.samples = samples;
        this.series = series;
        this.state = state;
        this.settlements = settlements;
    }

    /** Removes the oldest samples before {@code until} that are not pending: delivered ones, texts, and set aside ones. */
    Step history(long until, int samplesPerPage) throws SQLException {
        long from = Math.max(state.historyFrom(), samples.oldest());
        if (from >= until) {
            state.historyGoneBefore(until);
            return new Step(0, 0, until);
        }
        SamplePage page = SamplePage.read(samples, series, state, DeliveredRanges.NONE, from, until, samplesPerPage);
        boolean[] evicted = new boolean[page.size()];
        int count = 0;
        for (int i = 0; i < evicted.length; i++) {
            evicted[i] = !page.isPending(i);
            count += evicted[i] ? 1 : 0;
        }
        int setAside = remove(page, DeliveredRanges.NONE, evicted, count);
        state.historyGoneBefore(page.end());
        mergeRanges();
        return new Step(count, setAside, page.end());
    }

    /**
     * Removes the oldest pending samples of some priorities, but for those of the delivery that is under way.
     *
     * @param levels whether a level is meant
     * @param from where the step before this one ended, at first 0
     * @param until millisecond after the last
     * @param samplesPerPage how many to read, but for the rest of the last instant
     */
    Step pending(boolean[] levels, long from, long until, int samplesPerPage) throws SQLException {
        long oldest = PendingCount.NONE;
        for (int level = 0; level < levels.length; level++) {
            if (levels[level]) {
                oldest = Math.min(oldest, state.pending().oldest(level));
            }
        }
        long start = Math.max(from, oldest);
        if (start >= until) {
            return new Step(0, 0, until);
        }
        DeliveredRanges skipped = state.common(levels);
        SamplePage page = SamplePage.read(samples, series, state, skipped, start, until, samplesPerPage);
        Handout handout = state.handout();
        boolean[] evicted = new boolean[page.size()];
        long[] left = new long[levels.length];
        Arrays.fill(left, page.end());
        int count = 0;
        for (int i = 0; i < evicted.length; i++) {
            int level = series.get(page.series(i)).level();
            if (page.isPending(i) && levels[level]) {
                if (handout != null && handout.holds(page.series(i), page.time(i))) {
                    left[level] = Math.min(left[level], page.time(i));
                } else {
                    evicted[i] = true;
                    count++;
                    state.pending().remove(level);
                }
            }
        }
        for (int level = 0; level < levels.length; level++) {
            if (levels[level] && state.pending().oldest(level) >= start) {
                state.pending().noneBefore(level, left[level]);
            }
        }
        remove(page, skipped, evicted, count);
        mergeRanges();
        return new Step(count, 0, page.end());
    }

    /** A step is committed. */
    void committed(Step step) {
        settlements.committed(-step.setAside());
    }

    /** The first sample that may have to be reopened, in milliseconds; after any sample if there is none. */
    long oldestReopenable(long now) throws SQLException {
        return settlements.oldestReopenable(now);
    }

    /** Removes all series without samples of which none was seen at or after a time; returns how many. */
    int unusedSeries(long before) throws SQLException {
        return series.removeUnused(Math.min(before, samples.oldest()));
    }

    private int remove(SamplePage page, DeliveredRanges skipped, boolean[] evicted, int count) throws SQLException {
        if (count == 0) {
            return 0;
        }
        long first = page.time(0);
        long last = page.time(page.size() - 1);
        // Among exceptions there may be samples that the page skipped.
        if (count == page.size() && skipped.firstInside(first) > last) {
            samples.removeAll(first, last);
            state.tables().removeExceptions(first, last);
            return settlements.removeAllSetAside(first, last);
        }
        Set<SettlementLog.Point> points = settlements.setAside(first, last);
        int setAside = 0;
        for (int i = 0; i < evicted.length; i++) {
            if (evicted[i]) {
                long time = page.time(i);
                int id = page.series(i);
                samples.remove(time, id);
                if (page.isException(i)) {
                    state.tables().removeException(time, id);
                }
                if (points.contains(new SettlementLog.Point(time, id))) {
                    setAside += settlements.removeSetAside(time, id);
                }
            }
        }
        return setAside;
    }

    /** Where neither history nor anything pending is left, islands of delivered ranges become one. */
    private void mergeRanges() throws SQLException {
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            long empty = Math.min(state.historyFrom(), state.pending().oldest(level)) - 1;
            DeliveredRanges ranges = state.delivered(level);
            if (empty >= 0 && empty < DeliveryState.END && ranges.plus(0, empty).size() < ranges.size()) {
                state.deliver(level, 0, empty);
            }
        }
    }
}
