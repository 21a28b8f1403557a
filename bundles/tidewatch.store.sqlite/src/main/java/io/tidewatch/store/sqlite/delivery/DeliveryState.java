package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PendingCount;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The delivered ranges and the number of pending samples: in memory, with the ranges written to the file as they change.
 *
 * <p>From {@link #begin} to the commit the memory runs ahead of the file; {@link #rolledBack} brings it back.
 */
public final class DeliveryState {
    private final DeliveryTables tables;
    private final Database database;

    private DeliveredRanges[] delivered;
    private PendingCount pending;
    private long historyFrom;
    private long quarantined;

    private DeliveredRanges[] deliveredBefore;
    private PendingCount pendingBefore;
    private long historyBefore;
    private long quarantinedBefore;

    private @Nullable InFlightDelivery inFlight;

    /** Reads the ranges and counts what is pending. */
    public DeliveryState(Database database) throws SQLException {
        this.database = database;
        tables = new DeliveryTables(database);
        delivered = tables.ranges();
        deliveredBefore = delivered;
        pending = PendingCount.read(database);
        pendingBefore = pending;
        quarantined = tables.countQuarantined();
    }

    /** All of this as rows. */
    public DeliveryTables tables() {
        return tables;
    }

    /** How many samples are pending; valid until the next change. */
    public PendingCount pending() {
        return pending;
    }

    /** Counts a stored pass of numbers. */
    public void added(int level, long time, int numbers) {
        pending.add(level, time, numbers);
        if (inFlight != null) {
            inFlight.added(level, time);
        }
    }

    public DeliveredRanges delivered(int level) {
        return delivered[level];
    }

    /** The passes of this level from {@code first} to {@code last} are delivered, both included. */
    public void deliver(int level, long first, long last) {
        delivered[level] = delivered[level].plus(first, last);
    }

    /** The passes of this level from {@code first} to {@code last} are not delivered, both included. */
    public void retract(int level, long first, long last) {
        delivered[level] = delivered[level].minus(first, last);
    }

    /** Whether all of these levels have delivered whatever has this number. */
    public boolean isDelivered(boolean[] levels, long seq) {
        for (int level = 0; level < PassRow.LEVELS; level++) {
            if (levels[level] && !delivered[level].contains(seq)) {
                return false;
            }
        }
        return true;
    }

    public boolean isPending(PassRow pass) {
        return pass.numbers() > 0 && !delivered[pass.level()].contains(pass.seq());
    }

    public long quarantined() {
        return quarantined;
    }

    /** So many more samples are in quarantine, or fewer. */
    public void quarantined(int more) {
        quarantined += more;
    }

    /** The delivery in flight; null if there is none. */
    public @Nullable InFlightDelivery inFlight() {
        return inFlight;
    }

    /** Sets the delivery in flight, or none. Not undone by a rollback. */
    public void inFlight(@Nullable InFlightDelivery next) {
        inFlight = next;
    }

    /** Before this time there are no passes but pending ones. */
    public long historyFrom() {
        return historyFrom;
    }

    /** All passes but pending ones are gone before this time. */
    public void historyGoneBefore(long timestamp) {
        historyFrom = Math.max(historyFrom, timestamp);
    }

    /** A pass at this time or later is not pending. */
    public void historyAt(long timestamp) {
        historyFrom = Math.min(historyFrom, timestamp);
    }

    /** Counts what is pending anew, after times have changed. */
    public void recount() throws SQLException {
        pending = PendingCount.read(database);
        historyFrom = 0;
    }

    public void begin() {
        deliveredBefore = delivered.clone();
        pendingBefore = pending.copy();
        historyBefore = historyFrom;
        quarantinedBefore = quarantined;
    }

    /** Writes the ranges that have changed, as the last thing of a transaction. */
    public void write() throws SQLException {
        for (int level = 0; level < PassRow.LEVELS; level++) {
            if (!delivered[level].equals(deliveredBefore[level])) {
                tables.replace(level, deliveredBefore[level], delivered[level]);
            }
        }
    }

    public void rolledBack() {
        delivered = deliveredBefore;
        pending = pendingBefore;
        historyFrom = historyBefore;
        quarantined = quarantinedBefore;
    }
}
