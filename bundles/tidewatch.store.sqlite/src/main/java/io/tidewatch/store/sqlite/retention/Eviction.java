package io.tidewatch.store.sqlite.retention;

import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.InFlightDelivery;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.PassTable.Page;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;

/**
 * Removes passes in steps, each of which looks at some thousand samples in its caller's transaction. Not safe for use by
 * several threads.
 *
 * <p>What is not pending is found without reading the backlog again and again: everything but pending passes is known to
 * be gone before {@link DeliveryState#historyFrom}.
 */
public final class Eviction {
    /** As many as a transaction looks at without making an append wait for long. */
    public static final int SAMPLES = 2000;

    /**
     * What a step did.
     *
     * @param samples how many it removed
     * @param next where to go on, in milliseconds; the end of the stretch if nothing is left there
     */
    public record Step(long samples, long next) {}

    private final PassTable passes;
    private final SeriesTable series;
    private final DeliveryState state;

    public Eviction(Tables tables) {
        passes = tables.passes();
        series = tables.series();
        state = tables.deliveries();
    }

    /** Removes the oldest passes before {@code until} that are not pending. */
    public Step history(long until, int samplesPerStep) throws SQLException {
        long from = Math.max(state.historyFrom(), passes.oldest());
        if (from >= until) {
            state.historyGoneBefore(until);
            return new Step(0, until);
        }
        Page page = passes.page(from, until, samplesPerStep);
        long count = 0;
        for (PassRow row : page.passes()) {
            if (!state.isPending(row)) {
                remove(row);
                count += row.size();
            }
        }
        state.historyGoneBefore(page.end());
        mergeRanges();
        return new Step(count, page.end());
    }

    /**
     * Removes the oldest pending passes of some priorities, except those of the in-flight delivery.
     *
     * @param levels whether a level is meant
     * @param from where the step before this one ended, at first 0
     * @param until millisecond after the last
     * @param samplesPerStep how many to look at, but for the rest of the last instant
     */
    public Step pending(boolean[] levels, long from, long until, int samplesPerStep) throws SQLException {
        long start = Math.max(from, state.pending().oldest(levels));
        if (start >= until) {
            return new Step(0, until);
        }
        Page page = passes.page(start, until, samplesPerStep);
        InFlightDelivery inFlight = state.inFlight();
        long[] left = new long[levels.length];
        Arrays.fill(left, page.end());
        long count = 0;
        for (PassRow row : page.passes()) {
            if (!levels[row.level()] || !state.isPending(row)) {
                continue;
            }
            if (inFlight != null && inFlight.holds(row.seq())) {
                left[row.level()] = Math.min(left[row.level()], row.time());
            } else {
                state.pending().remove(row.level(), row.numbers());
                remove(row);
                count += row.numbers();
            }
        }
        state.pending().lookedAt(levels, start, left);
        mergeRanges();
        return new Step(count, page.end());
    }

    /** Removes the layouts without passes, and the series that no layout has. */
    public long removeUnusedSeries() throws SQLException {
        long oldest = passes.oldestSeq();
        Set<Integer> used = passes.layouts().removeUnused(oldest);
        if (used != null) {
            series.retain(used);
        }
        return oldest;
    }

    /** The removal is committed. */
    public void unusedRemoved(long oldestSeq) {
        passes.layouts().removed(oldestSeq);
    }

    private void remove(PassRow row) throws SQLException {
        passes.remove(row.seq());
        if (state.quarantined() > 0) {
            state.quarantined(-state.tables().release(row.seq()));
        }
    }

    /** Where no pass is left, islands of delivered ranges become one. */
    private void mergeRanges() throws SQLException {
        long empty = passes.oldestSeq() - 1;
        for (int level = 0; level < PassRow.LEVELS; level++) {
            DeliveredRanges ranges = state.delivered(level);
            if (ranges.plus(0, empty).size() < ranges.size()) {
                state.deliver(level, 0, empty);
            }
        }
    }
}
