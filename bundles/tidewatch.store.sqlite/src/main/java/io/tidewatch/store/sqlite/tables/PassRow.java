package io.tidewatch.store.sqlite.tables;

import io.tidewatch.api.store.Priority;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A pass without its samples.
 *
 * @param session number of the session that stored it
 */
public record PassRow(long seq, long time, int level, int numbers, int texts, long session) {
    public static final int LEVELS = Priority.values().length;

    /** Numbers count up from 1. One of more than this was not given by a store. */
    public static final long LARGEST_SEQ = 1L << 52;

    /** Whether a store gives a pass this number and this time. */
    public static boolean isPossible(long seq, long time) {
        return seq >= 1 && seq <= LARGEST_SEQ && time >= 0 && time < Millis.END;
    }

    /** Reads number, time, priority, numbers, texts and session. */
    static PassRow read(ResultSet row) throws SQLException {
        requirePossible(row.getLong(1), row.getLong(2));
        int level = row.getInt(3);
        if (level < 0 || level >= LEVELS) {
            throw Failures.damagedContent("pass " + row.getLong(1) + " has the priority " + level);
        }
        return new PassRow(row.getLong(1), row.getLong(2), level, row.getInt(4), row.getInt(5), row.getLong(6));
    }

    /** @throws SQLException if no store gives a pass this number and this time: the file is damaged */
    static void requirePossible(long seq, long time) throws SQLException {
        if (!isPossible(seq, time)) {
            throw Failures.damagedContent("pass " + seq + " at " + time + " ms is one that no store writes");
        }
    }

    public int size() {
        return numbers + texts;
    }
}
