package io.tidewatch.store.sqlite.retention;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.InFlightDelivery;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.PassTable.Page;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Evicts samples by whole passes, and gives pages of the file back, in small transactions. A round makes only so many of
 * them; between two appends have their turn. For one thread, but for {@link #stop} and {@link #counts}.
 *
 * <p>What is not pending is found without reading the backlog again and again: everything but pending passes is known to
 * be gone before {@link DeliveryState#historyFrom}.
 */
public final class EvictionSteps {
    public interface Condition {
        boolean holds() throws StoreException;
    }

    private interface Step {
        /** Returns where to go on. */
        long from(long next) throws StoreException;
    }

    /**
     * What a step did.
     *
     * @param next where to go on, in milliseconds; the end of the stretch if nothing is left there
     */
    private record Done(long samples, long next) {}

    /** As many as a transaction looks at without making an append wait for long. */
    private static final int SAMPLES = 2000;

    private static final String ACTION = "Evicting samples";
    private static final int PAGES_PER_STEP = 1000;

    private final Database database;
    private final Writer writer;
    private final PassTable passes;
    private final SeriesTable series;
    private final DeliveryState state;
    private final EvictionCounts counts = new EvictionCounts();
    private volatile boolean stopped;
    private int stepsLeft;

    public EvictionSteps(Database database, Writer writer, Tables tables) {
        this.database = database;
        this.writer = writer;
        passes = tables.passes();
        series = tables.series();
        state = tables.deliveries();
    }

    public void allow(int steps) {
        stepsLeft = steps;
    }

    /** Ends the eviction after the current step. */
    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    public EvictionCounts counts() {
        return counts;
    }

    /** Evicts what is not pending before a time, until it is enough; returns whether that is done. */
    public boolean history(Reason reason, long until, Condition enough) throws StoreException {
        return evict(until, enough, next -> historyStep(reason, until, SAMPLES));
    }

    /** Evicts what is pending before a time, of some priority levels, until it is enough; returns whether that is done. */
    public boolean pending(Reason reason, boolean[] levels, long until, Condition enough) throws StoreException {
        return evict(until, enough, next -> pendingStep(reason, levels, next, until, SAMPLES));
    }

    private boolean evict(long until, Condition enough, Step step) throws StoreException {
        long next = 0;
        while (next < until && !enough.holds()) {
            if (!mayStep()) {
                return false;
            }
            next = step.from(next);
        }
        return true;
    }

    /** Gives up to that many bytes of unused pages back at the next checkpoint; returns whether that is done. */
    public boolean giveBack(long bytes) throws StoreException {
        long wanted = Math.min(bytes, pages().freeBytes()) / pages().size();
        if (wanted <= 0) {
            return true;
        }
        while (wanted > 0) {
            if (!mayStep()) {
                return false;
            }
            int some = (int) Math.min(wanted, PAGES_PER_STEP);
            long given = writer.transaction("Giving pages back", () -> database.vacuum(some));
            // None at all: a file that was made without auto_vacuum.
            wanted = given == 0 ? 0 : wanted - given;
        }
        return true;
    }

    /** One step of evicting what is not pending; returns where to go on. */
    public long historyStep(Reason reason, long until, int samplesPerStep) throws StoreException {
        return step(reason, () -> removeHistory(until, samplesPerStep));
    }

    /** One step of evicting what is pending; returns where to go on. */
    public long pendingStep(Reason reason, boolean[] levels, long from, long until, int samplesPerStep)
            throws StoreException {
        return step(reason, () -> removePending(levels, from, until, samplesPerStep));
    }

    private long step(Reason reason, Writer.Work<Done> work) throws StoreException {
        Done done = writer.transaction(ACTION, work);
        counts.add(reason, done.samples());
        return done.next();
    }

    /** Removes the oldest passes before {@code until} that are not pending. */
    private Done removeHistory(long until, int samplesPerStep) throws SQLException {
        long from = Math.max(state.historyFrom(), passes.oldest());
        if (from >= until) {
            state.historyGoneBefore(until);
            return new Done(0, until);
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
        return new Done(count, page.end());
    }

    /**
     * Removes the oldest pending passes of some priorities, except those of the in-flight delivery.
     *
     * @param from where the step before this one ended, at first 0
     */
    private Done removePending(boolean[] levels, long from, long until, int samplesPerStep) throws SQLException {
        long start = Math.max(from, state.pending().oldest(levels));
        if (start >= until) {
            return new Done(0, until);
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
        return new Done(count, page.end());
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

    /** Removes the layouts without passes, and the series that no layout has. */
    public void removeUnusedSeries() throws StoreException {
        String action = "Removing unused series";
        writer.locked(action, () -> {
            long oldest = writer.inTransaction(action, () -> {
                long first = passes.oldestSeq();
                Set<Integer> used = passes.layouts().removeUnused(first);
                if (used != null) {
                    series.retain(used);
                }
                return first;
            });
            passes.layouts().removed(oldest);
            return oldest;
        });
    }

    private boolean mayStep() {
        if (stopped || stepsLeft == 0) {
            return false;
        }
        stepsLeft--;
        // The lock is not fair: without a pause this thread would take it again before an append that waits.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        return true;
    }

    public <T> T locked(Writer.Work<T> work) throws StoreException {
        return writer.locked(ACTION, work);
    }

    public Database.Pages pages() throws StoreException {
        return locked(database::pages);
    }
}
