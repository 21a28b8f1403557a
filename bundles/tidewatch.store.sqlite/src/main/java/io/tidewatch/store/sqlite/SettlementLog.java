package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * What a settlement leaves besides the state of the samples: a row per acknowledged chunk, of which the latest are kept,
 * and a row per sample that was set aside. Not safe for use by several threads.
 */
final class SettlementLog {
    private static final long KEPT = 1000;

    /** Pruned in one go now and then, since each prune writes a page of its own. */
    private static final long PRUNE_EVERY = 100;

    private final PreparedStatement insertCheckpoint;
    private final PreparedStatement prune;
    private final PreparedStatement insertSetAside;
    private long setAside;

    SettlementLog(Database database) throws SQLException {
        insertCheckpoint = database.prepare("INSERT INTO upload_checkpoints(batch_id, chunk_index, first_timestamp_ms,"
                + " last_timestamp_ms, upload_time_ms, metrics_count) VALUES (?, ?, ?, ?, ?, ?) RETURNING id");
        prune = database.prepare("DELETE FROM upload_checkpoints WHERE id <= ?");
        insertSetAside = database.prepare(
                "INSERT OR IGNORE INTO set_aside(timestamp_ms, series, reason, time_ms) VALUES (?, ?, ?, ?)");
        try (ResultSet count =
                database.prepare("SELECT count(*) FROM set_aside").executeQuery()) {
            setAside = count.next() ? count.getLong(1) : 0;
        }
    }

    /** Samples that are set aside, as of the last settlement that was committed. */
    long setAside() {
        return setAside;
    }

    /** Some were set aside, and that is committed. */
    void committed(int more) {
        setAside += more;
    }

    /** A chunk was accepted; does nothing for one without samples. */
    void acknowledged(UUID batchId, Settlement.Acknowledgement chunk) throws SQLException {
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
        long id;
        try (ResultSet inserted = insertCheckpoint.executeQuery()) {
            inserted.next();
            id = inserted.getLong(1);
        }
        if (id % PRUNE_EVERY == 0) {
            prune.setLong(1, id - KEPT);
            prune.executeUpdate();
        }
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
