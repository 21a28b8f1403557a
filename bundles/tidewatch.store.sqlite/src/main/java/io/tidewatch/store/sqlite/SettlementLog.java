package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a settlement leaves besides the state of the samples: a row per acknowledged chunk, of which the latest are kept,
 * and a row per sample that was set aside. Not safe for use by several threads.
 */
final class SettlementLog {
    /**
     * A sample by its place.
     *
     * @param time milliseconds since the epoch
     * @param series id of its series
     */
    record Point(long time, int series) {}

    /** Chunks that are kept however old, for a device that wakes after hours and learns that the server restarted. */
    private static final long KEPT = 1000;

    /** All chunks of this time are kept, for a backlog that drains by hundreds of chunks a minute. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** Pruned in one go now and then, since each prune writes a page of its own. */
    private static final long PRUNE_EVERY = 100;

    private final PreparedSql insertCheckpoint;
    private final PreparedSql prune;
    private final PreparedSql acknowledgedSince;
    private final PreparedSql widen;
    private final PreparedSql insertSetAside;
    private final PreparedSql setAsideBetween;
    private final PreparedSql removeSetAside;
    private final PreparedSql removeSetAsideBetween;
    private final PreparedSql oldestAcknowledged;
    private long setAside;

    SettlementLog(Database database) throws SQLException {
        insertCheckpoint = database.prepare(
                "INSERT INTO upload_checkpoints(batch_id, chunk_index, first_timestamp_ms,"
                        + " last_timestamp_ms, upload_time_ms, metrics_count, levels) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id");
        prune = database.prepare(
                "DELETE FROM upload_checkpoints WHERE id <= ?" + " AND upload_time_ms NOT BETWEEN ? AND ?");
        acknowledgedSince = database.prepare("SELECT first_timestamp_ms, last_timestamp_ms, levels"
                + " FROM upload_checkpoints WHERE upload_time_ms >= ?");
        oldestAcknowledged = database.prepare(
                "SELECT min(first_timestamp_ms) FROM upload_checkpoints" + " WHERE upload_time_ms BETWEEN ? AND ?");
        widen = database.prepare("UPDATE upload_checkpoints SET levels = levels | ? WHERE levels & ?");
        insertSetAside = database.prepare(
                "INSERT OR IGNORE INTO set_aside(timestamp_ms, series, reason, time_ms) VALUES (?, ?, ?, ?)");
        setAsideBetween =
                database.prepare("SELECT timestamp_ms, series FROM set_aside WHERE timestamp_ms BETWEEN ? AND ?");
        removeSetAside = database.prepare("DELETE FROM set_aside WHERE timestamp_ms = ? AND series = ?");
        removeSetAsideBetween = database.prepare("DELETE FROM set_aside WHERE timestamp_ms BETWEEN ? AND ?");
        try (ResultSet count =
                database.prepare("SELECT count(*) FROM set_aside").executeQuery()) {
            setAside = count.next() ? count.getLong(1) : 0;
        }
    }

    /** Samples that are set aside, as of the last settlement that was committed. */
    long setAside() {
        return setAside;
    }

    /** That many more samples are set aside, or fewer, and that is committed. */
    void committed(int more) {
        setAside += more;
    }

    /**
     * A chunk was accepted; does nothing for one without samples.
     *
     * @param levels the priority levels of its samples, as a bit each
     */
    void acknowledged(UUID batchId, Settlement.Acknowledgement chunk, int levels) throws SQLException {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Slice slice : chunk.slices()) {
            if (slice.size() > 0) {
                first = Math.min(first, slice.samples().timestamp(slice.from()));
                last = Math.max(last, slice.samples().timestamp(slice.to() - 1));
            }
        }
        if (first > last) {
            return;
        }
        insertCheckpoint.setString(1, batchId.toString());
        insertCheckpoint.setInt(2, chunk.chunkIndex());
        insertCheckpoint.setLong(3, first);
        insertCheckpoint.setLong(4, last);
        insertCheckpoint.setLong(5, chunk.time().toEpochMilli());
        insertCheckpoint.setInt(6, chunk.size());
        insertCheckpoint.setInt(7, levels);
        long id;
        try (ResultSet inserted = insertCheckpoint.executeQuery()) {
            inserted.next();
            id = inserted.getLong(1);
        }
        if (id % PRUNE_EVERY == 0) {
            prune.setLong(1, id - KEPT);
            // Times in the future are those of a clock that was set back since.
            prune.setLong(2, chunk.time().minus(REMEMBERED).toEpochMilli());
            prune.setLong(3, chunk.time().plus(REMEMBERED).toEpochMilli());
            prune.executeUpdate();
        }
    }

    /**
     * The stretches of time, by priority level, of the chunks that were accepted at or after a time.
     *
     * @param since milliseconds since the epoch
     */
    DeliveredRanges[] acknowledgedSince(long since) throws SQLException {
        DeliveredRanges[] stretches = new DeliveredRanges[DeliveryState.LEVELS];
        Arrays.fill(stretches, DeliveredRanges.NONE);
        acknowledgedSince.setLong(1, since);
        try (ResultSet chunks = acknowledgedSince.executeQuery()) {
            while (chunks.next()) {
                int levels = chunks.getInt(3);
                for (int level = 0; level < stretches.length; level++) {
                    if ((levels & 1 << level) != 0) {
                        stretches[level] = stretches[level].plus(chunks.getLong(1), chunks.getLong(2));
                    }
                }
            }
        }
        return stretches;
    }

    /**
     * The first sample that a chunk of the last ten minutes may have delivered: from here on samples may yet be reopened.
     *
     * @param now milliseconds since the epoch
     * @return its time; after any sample if there is none
     */
    long oldestReopenable(long now) throws SQLException {
        oldestAcknowledged.setLong(1, now - REMEMBERED.toMillis());
        oldestAcknowledged.setLong(2, now + REMEMBERED.toMillis());
        try (ResultSet result = oldestAcknowledged.executeQuery()) {
            long time = result.next() ? result.getLong(1) : 0;
            return result.wasNull() ? DeliveryState.END : time;
        }
    }

    /** A series moved from one priority level to another, and with it what chunks of the old level delivered. */
    void moved(int from, int to) throws SQLException {
        widen.setInt(1, 1 << to);
        widen.setInt(2, 1 << from);
        widen.executeUpdate();
    }

    /** The samples from {@code first} to {@code last} that are set aside, both included. */
    Set<Point> setAside(long first, long last) throws SQLException {
        if (setAside == 0) {
            return Set.of();
        }
        Set<Point> points = new HashSet<>();
        setAsideBetween.setLong(1, first);
        setAsideBetween.setLong(2, last);
        try (ResultSet rows = setAsideBetween.executeQuery()) {
            while (rows.next()) {
                points.add(new Point(rows.getLong(1), rows.getInt(2)));
            }
        }
        return points;
    }

    /** A sample is gone; returns 1 if it was set aside. */
    int removeSetAside(long timestamp, int series) throws SQLException {
        removeSetAside.setLong(1, timestamp);
        removeSetAside.setInt(2, series);
        return removeSetAside.executeUpdate();
    }

    /** All samples from {@code first} to {@code last} are gone; returns how many of them were set aside. */
    int removeAllSetAside(long first, long last) throws SQLException {
        removeSetAsideBetween.setLong(1, first);
        removeSetAsideBetween.setLong(2, last);
        return removeSetAsideBetween.executeUpdate();
    }

    /** Sets samples of one series aside; returns how many were not before. */
    int rejected(Settlement.Rejection rejection, int series, long now) throws SQLException {
        Slice slice = rejection.slice();
        int more = 0;
        for (int i = slice.from(); i < slice.to(); i++) {
            insertSetAside.setLong(1, slice.samples().timestamp(i));
            insertSetAside.setInt(2, series);
            insertSetAside.setString(3, rejection.reason());
            insertSetAside.setLong(4, now);
            more += insertSetAside.executeUpdate();
        }
        return more;
    }
}
