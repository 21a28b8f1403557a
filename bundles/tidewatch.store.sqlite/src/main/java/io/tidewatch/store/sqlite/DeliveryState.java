package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered and how much is pending: in memory, with the ranges written to the file as they change.
 *
 * <p>Not safe for use by several threads. Between {@link #begin} and {@link #committed} the memory runs ahead of the
 * file; {@link #rolledBack} brings it back.
 */
final class DeliveryState {
    static final int LEVELS = Priority.values().length;

    /** After any sample. */
    static final long END = DeliveryQuery.END.toEpochMilli();

    private final DeliveryTables tables;
    private final Tally tally;
    private final boolean counted;

    private DeliveredRanges[] delivered;
    private PendingCount pending;
    private long historyFrom;

    private DeliveredRanges[] deliveredBefore;
    private PendingCount pendingBefore;
    private long historyBefore;

    private @Nullable Handout handout;

    /** Reads the ranges, and what is pending if that was noted at a clean end. */
    DeliveryState(Database database) throws SQLException {
        tables = new DeliveryTables(database);
        tally = new Tally(database);
        delivered = tables.ranges();
        deliveredBefore = delivered;
        PendingCount noted = tally.read();
        pending = noted == null ? new PendingCount() : noted;
        pendingBefore = pending;
        counted = noted != null;
    }

    /** Ranges and exceptions as rows. */
    DeliveryTables tables() {
        return tables;
    }

    /** The note of what is pending. */
    Tally tally() {
        return tally;
    }

    /** Whether what is pending was noted at a clean end, and so need not be counted. */
    boolean isCounted() {
        return counted;
    }

    /** How many samples are pending; valid until the next change. */
    PendingCount pending() {
        return pending;
    }

    /** What this level has delivered. */
    DeliveredRanges delivered(int level) {
        return delivered[level];
    }

    /** A stretch of this level is delivered, but for exceptions. */
    void deliver(int level, long first, long last) throws SQLException {
        replace(level, delivered[level].plus(first, last));
    }

    /** A stretch of this level is not delivered, but for exceptions. */
    void retract(int level, long first, long last) throws SQLException {
        replace(level, delivered[level].minus(first, last));
    }

    /** What all of these levels have delivered; everything if there are none. */
    DeliveredRanges common(boolean[] levels) {
        DeliveredRanges common = DeliveredRanges.NONE.plus(0, END);
        for (int level = 0; level < LEVELS; level++) {
            if (levels[level]) {
                common = common.and(delivered[level]);
            }
        }
        return common;
    }

    /** The delivery that is under way. */
    @Nullable
    Handout handout() {
        return handout;
    }

    /** This delivery is under way, or none is. Not undone by a rollback. */
    void handOut(@Nullable Handout next) {
        handout = next;
    }

    /** Before this time there are no samples but pending ones. */
    long historyFrom() {
        return historyFrom;
    }

    /** All samples but pending ones are gone before this time. */
    void historyGoneBefore(long timestamp) {
        historyFrom = Math.max(historyFrom, timestamp);
    }

    /** A sample at this time or later is not pending. */
    void historyAt(long timestamp) {
        historyFrom = Math.min(historyFrom, timestamp);
    }

    /** Starts a transaction. */
    void begin() {
        deliveredBefore = delivered.clone();
        pendingBefore = pending.copy();
        historyBefore = historyFrom;
    }

    /** The transaction is in the file. */
    void committed() {
        deliveredBefore = delivered;
        pendingBefore = pending;
        historyBefore = historyFrom;
    }

    /** The transaction never was. */
    void rolledBack() {
        delivered = deliveredBefore;
        pending = pendingBefore;
        historyFrom = historyBefore;
    }

    private void replace(int level, DeliveredRanges now) throws SQLException {
        if (!now.equals(delivered[level])) {
            tables.replace(level, delivered[level], now);
            delivered[level] = now;
        }
    }
}
