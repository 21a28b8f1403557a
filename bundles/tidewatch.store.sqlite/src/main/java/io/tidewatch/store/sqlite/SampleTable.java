package io.tidewatch.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** All samples, in the order of time and series. Not safe for use by several threads. */
final class SampleTable {
    /** Up to here a floating point number holds every whole number. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final PreparedSql insert;
    private final PreparedSql scan;
    private final PreparedSql newest;
    private final PreparedSql oldest;
    private final PreparedSql oldestFrom;
    private final PreparedSql move;
    private final PreparedSql remove;
    private final PreparedSql removeAll;

    SampleTable(Database database) throws SQLException {
        insert = database.prepare("INSERT OR IGNORE INTO samples(timestamp_ms, series, value) VALUES (?, ?, ?)");
        scan = database.prepare("SELECT timestamp_ms, series, value FROM samples"
                + " WHERE timestamp_ms BETWEEN ? AND ? ORDER BY timestamp_ms, series");
        newest = database.prepare("SELECT coalesce(max(timestamp_ms), 0) FROM samples");
        oldest = database.prepare("SELECT min(timestamp_ms) FROM samples");
        oldestFrom = database.prepare("SELECT min(timestamp_ms) FROM samples WHERE timestamp_ms >= ?");
        remove = database.prepare("DELETE FROM samples WHERE timestamp_ms = ? AND series = ?");
        removeAll = database.prepare("DELETE FROM samples WHERE timestamp_ms BETWEEN ? AND ?");
        move = database.prepare("UPDATE OR IGNORE samples SET timestamp_ms = ? WHERE timestamp_ms = ? AND series = ?");
    }

    /** Stores a sample unless the same point is there already; tells whether it was not. */
    boolean insert(long timestamp, int series, double value, @Nullable String text) throws SQLException {
        insert.setLong(1, timestamp);
        insert.setInt(2, series);
        if (text != null) {
            insert.setString(3, text);
        } else if (isWhole(value)) {
            // Takes 1 to 7 bytes instead of 8, and most values of machines are whole.
            insert.setLong(3, (long) value);
        } else {
            insert.setDouble(3, value);
        }
        return insert.executeUpdate() == 1;
    }

    /** Timestamp, series and value of the samples from {@code first} to {@code last}, both included, in order. */
    ResultSet scan(long first, long last) throws SQLException {
        scan.setLong(1, first);
        scan.setLong(2, last);
        return scan.executeQuery();
    }

    /** Time of the newest sample; 0 if there is none. */
    long newest() throws SQLException {
        try (ResultSet result = newest.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Time of the oldest sample; after any sample if there is none. */
    long oldest() throws SQLException {
        try (ResultSet result = oldest.executeQuery()) {
            long time = result.next() ? result.getLong(1) : 0;
            return result.wasNull() ? DeliveryState.END : time;
        }
    }

    /** Time of the oldest sample at or after a time; after any sample if there is none. */
    long oldestFrom(long time) throws SQLException {
        oldestFrom.setLong(1, time);
        try (ResultSet result = oldestFrom.executeQuery()) {
            long oldest = result.next() ? result.getLong(1) : 0;
            return result.wasNull() ? DeliveryState.END : oldest;
        }
    }

    void remove(long timestamp, int series) throws SQLException {
        remove.setLong(1, timestamp);
        remove.setInt(2, series);
        remove.executeUpdate();
    }

    /** Removes all samples from {@code first} to {@code last}, both included. */
    void removeAll(long first, long last) throws SQLException {
        removeAll.setLong(1, first);
        removeAll.setLong(2, last);
        removeAll.executeUpdate();
    }

    /** Gives a sample another time; false, and nothing changed, if its series has a sample there. */
    boolean move(long from, int series, long to) throws SQLException {
        move.setLong(1, to);
        move.setLong(2, from);
        move.setInt(3, series);
        return move.executeUpdate() == 1;
    }

    private static boolean isWhole(double value) {
        return value == Math.rint(value)
                && Math.abs(value) <= LARGEST_WHOLE
                && (value != 0 || Double.doubleToRawLongBits(value) == 0);
    }
}
