package io.tidewatch.store.sqlite.tables;

import io.tidewatch.api.store.Priority;
import io.tidewatch.store.sqlite.db.Failures;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A pass without its samples.
 *
 * @param seq its number
 * @param time milliseconds since the epoch
 * @param level 0 (critical) to 3 (low)
 * @param numbers how many numbers it has
 * @param texts how many texts it has
 * @param session number of the session that stored it
 */
public record PassRow(long seq, long time, int level, int numbers, int texts, long session) {
    /** How many priority levels there are. */
    public static final int LEVELS = Priority.values().length;

    /** Reads a row of {@link PassTable#byTime} or {@link PassTable#bySeq}. */
    public static PassRow read(ResultSet row) throws SQLException {
        int level = row.getInt(3);
        if (level < 0 || level >= LEVELS) {
            throw Failures.damagedContent("pass " + row.getLong(1) + " has the priority " + level);
        }
        return new PassRow(row.getLong(1), row.getLong(2), level, row.getInt(4), row.getInt(5), row.getLong(6));
    }

    /** How many samples it has. */
    public int size() {
        return numbers + texts;
    }
}
