package io.tidewatch.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is pending, noted at a clean end so that the next start need not walk through the backlog. The note is removed as
 * the first thing of a run: one that is killed leaves none, and the next start counts. Not safe for use by
 * several threads.
 */
final class Tally {
    private final PreparedSql load;
    private final PreparedSql insert;
    private final PreparedSql clear;

    Tally(Database database) throws SQLException {
        load = database.prepare("SELECT priority, pending, oldest_ms FROM tally");
        insert = database.prepare("INSERT INTO tally(priority, pending, oldest_ms) VALUES (?, ?, ?)");
        clear = database.prepare("DELETE FROM tally");
    }

    /** What was noted; null if nothing was, or not all of it. */
    @Nullable
    PendingCount read() throws SQLException {
        PendingCount pending = new PendingCount();
        int levels = 0;
        try (ResultSet rows = load.executeQuery()) {
            while (rows.next()) {
                int level = rows.getInt(1);
                if (level < 0 || level >= DeliveryState.LEVELS || rows.getLong(2) < 0) {
                    return null;
                }
                pending.set(level, rows.getLong(2), rows.getLong(3));
                levels++;
            }
        }
        return levels == DeliveryState.LEVELS ? pending : null;
    }

    /** Notes it, in the caller's transaction. */
    void write(PendingCount pending) throws SQLException {
        clear();
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            insert.setInt(1, level);
            insert.setLong(2, pending.count(level));
            insert.setLong(3, pending.oldest(level));
            insert.executeUpdate();
        }
    }

    /** Removes the note, in the caller's transaction. */
    void clear() throws SQLException {
        clear.executeUpdate();
    }
}
