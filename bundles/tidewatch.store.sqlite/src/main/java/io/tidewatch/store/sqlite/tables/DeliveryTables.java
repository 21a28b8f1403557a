package io.tidewatch.store.sqlite.tables;

import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The tables of deliveries: delivered ranges of passes, recently acknowledged chunks, quarantined samples, notes. */
public final class DeliveryTables {
    /**
     * The passes that a chunk has samples of.
     *
     * @param first the first one by arrival
     * @param last the last one
     * @param priorities their priority levels, as a bit each
     * @param oldest time of the oldest one
     */
    public record Touched(long first, long last, int priorities, long oldest) {}

    private record Quarantined(int column, String reason, long time) {}

    /** Chunks that are kept however old, for a device that wakes after hours and learns that the server restarted. */
    private static final long KEPT = 1000;

    /** All chunks of this time are kept, for a backlog that drains by hundreds of chunks a minute. */
    public static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** Pruned in one go now and then, since each prune writes a page of its own. */
    private static final long PRUNE_EVERY = 100;

    private final Database database;

    public DeliveryTables(Database database) {
        this.database = database;
    }

    public DeliveredRanges[] ranges() throws SQLException {
        DeliveredRanges[] ranges = DeliveredRanges.noneByLevel();
        String rows = "SELECT priority, first_seq, last_seq FROM delivered WHERE destination = '" + Schema.DESTINATION
                + "' ORDER BY priority, first_seq";
        Sql.each(database.sql(rows).query(), row -> {
            int level = row.getInt(1);
            ranges[level] = ranges[level].plus(row.getLong(2), row.getLong(3));
        });
        return ranges;
    }

    /** Replaces the ranges of a level; writes what differs. */
    public void replace(int level, DeliveredRanges old, DeliveredRanges now) throws SQLException {
        for (Map.Entry<Long, Long> range : old.lastByFirst().entrySet()) {
            if (!range.getValue().equals(now.lastByFirst().get(range.getKey()))) {
                database.sql("DELETE FROM delivered WHERE destination = '" + Schema.DESTINATION
                                + "' AND priority = ? AND first_seq = ?")
                        .update(level, range.getKey());
            }
        }
        for (Map.Entry<Long, Long> range : now.lastByFirst().entrySet()) {
            if (!range.getValue().equals(old.lastByFirst().get(range.getKey()))) {
                database.sql("INSERT INTO delivered(destination, priority, first_seq, last_seq) VALUES ('"
                                + Schema.DESTINATION + "', ?, ?, ?)")
                        .update(level, range.getKey(), range.getValue());
            }
        }
    }

    /** A chunk was acknowledged that has samples of these passes. */
    public void acknowledged(UUID batchId, DeliveryOutcome.Acknowledgement chunk, Touched passes) throws SQLException {
        long id = database.sql("INSERT INTO acknowledged(destination, time_ms, first_seq, last_seq, priorities,"
                        + " oldest_ms, batch_id, chunk_index, samples) VALUES ('" + Schema.DESTINATION
                        + "', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
                .number(
                        chunk.time().toEpochMilli(),
                        passes.first(),
                        passes.last(),
                        passes.priorities(),
                        passes.oldest(),
                        batchId.toString(),
                        chunk.chunkIndex(),
                        chunk.size());
        if (id % PRUNE_EVERY == 0) {
            // Times in the future are those of a clock that was set back since.
            database.sql("DELETE FROM acknowledged WHERE id <= ? AND time_ms NOT BETWEEN ? AND ?")
                    .update(
                            id - KEPT,
                            chunk.time().minus(REMEMBERED).toEpochMilli(),
                            chunk.time().plus(REMEMBERED).toEpochMilli());
        }
    }

    /** The passes, by priority level, of the chunks that were acknowledged at or after a time. */
    public DeliveredRanges[] acknowledgedSince(long since) throws SQLException {
        DeliveredRanges[] passes = DeliveredRanges.noneByLevel();
        String chunks = "SELECT first_seq, last_seq, priorities FROM acknowledged WHERE time_ms >= ?";
        Sql.each(database.sql(chunks).query(since), chunk -> {
            long first = chunk.getLong(1);
            long last = chunk.getLong(2);
            int priorities = chunk.getInt(3);
            // A damaged row may hold anything.
            boolean isRange = first >= 0 && first <= last && last <= PassRow.LARGEST_SEQ;
            for (int level = 0; level < PassRow.LEVELS; level++) {
                if (isRange && (priorities & 1 << level) != 0) {
                    passes[level] = passes[level].plus(first, last);
                }
            }
        });
        return passes;
    }

    /**
     * The oldest pass that a chunk of the last ten minutes may have delivered: from here on passes may yet be sent again.
     *
     * @return its time; after any pass if there is none
     */
    public long oldestAcknowledged(long now) throws SQLException {
        return database.sql("SELECT coalesce(min(oldest_ms), ?) FROM acknowledged WHERE time_ms BETWEEN ? AND ?")
                .number(Millis.END, now - REMEMBERED.toMillis(), now + REMEMBERED.toMillis());
    }

    /** Puts a sample into quarantine; returns 1, or 0 if it was there before. */
    public int quarantine(long seq, int column, String reason, long now) throws SQLException {
        return database.sql("INSERT OR IGNORE INTO quarantine(seq, column_index, reason, time_ms) VALUES (?, ?, ?, ?)")
                .update(seq, column, reason, now);
    }

    public BitSet quarantined(long seq) throws SQLException {
        BitSet columns = new BitSet();
        for (Quarantined sample : quarantinedOf(seq)) {
            columns.set(sample.column());
        }
        return columns;
    }

    /** Keeps the quarantine of a pass of whose columns only these are left, by old indices, ascending. */
    public void columnsLost(long seq, List<Integer> left) throws SQLException {
        List<Quarantined> samples = quarantinedOf(seq);
        release(seq);
        for (Quarantined sample : samples) {
            int column = left.indexOf(sample.column());
            if (column >= 0) {
                quarantine(seq, column, sample.reason(), sample.time());
            }
        }
    }

    private List<Quarantined> quarantinedOf(long seq) throws SQLException {
        List<Quarantined> samples = new ArrayList<>();
        String rows = "SELECT column_index, reason, time_ms FROM quarantine WHERE seq = ?";
        Sql.each(database.sql(rows).query(seq), row -> {
            // A damaged row may hold anything.
            if (row.getInt(1) >= 0) {
                samples.add(new Quarantined(row.getInt(1), row.getString(2), row.getLong(3)));
            }
        });
        return samples;
    }

    /** A pass is gone; returns how many of its samples were in quarantine. */
    public int release(long seq) throws SQLException {
        return database.sql("DELETE FROM quarantine WHERE seq = ?").update(seq);
    }

    /** Returns the note of a key; empty if there is none. */
    public Optional<String> note(String key) throws SQLException {
        try (ResultSet row =
                database.sql("SELECT value FROM notes WHERE key = ?").query(key)) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /** Writes the note of a key, over the one before. */
    public void note(String key, String value) throws SQLException {
        database.sql(
                        "INSERT INTO notes(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
                .update(key, value);
    }

    public long countQuarantined() throws SQLException {
        return database.sql("SELECT count(*) FROM quarantine").number();
    }
}
