package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** Delivered ranges and the exceptions from them, as rows. Not safe for use by several threads. */
final class DeliveryTables {
    private final PreparedSql load;
    private final PreparedSql removeRange;
    private final PreparedSql insertRange;
    private final PreparedSql scan;
    private final PreparedSql putException;
    private final PreparedSql addException;
    private final PreparedSql removeException;
    private final PreparedSql removeExceptions;
    private final PreparedSql removeNeedless;

    DeliveryTables(Database database) throws SQLException {
        load = database.prepare("SELECT priority, from_ms, to_ms FROM delivered ORDER BY priority, from_ms");
        removeRange = database.prepare("DELETE FROM delivered WHERE priority = ? AND from_ms = ?");
        insertRange = database.prepare("INSERT INTO delivered(priority, from_ms, to_ms) VALUES (?, ?, ?)");
        // CROSS JOIN fixes the order of the loops: exceptions are few, samples are not.
        scan = database.prepare("SELECT e.timestamp_ms, e.series, s.value, e.pending FROM exceptions e"
                + " CROSS JOIN samples s ON s.timestamp_ms = e.timestamp_ms AND s.series = e.series"
                + " WHERE e.timestamp_ms BETWEEN ? AND ? ORDER BY e.timestamp_ms, e.series");
        putException =
                database.prepare("INSERT OR REPLACE INTO exceptions(timestamp_ms, series, pending) VALUES (?, ?, ?)");
        addException =
                database.prepare("INSERT OR IGNORE INTO exceptions(timestamp_ms, series, pending) VALUES (?, ?, ?)");
        removeException = database.prepare("DELETE FROM exceptions WHERE timestamp_ms = ? AND series = ?");
        removeExceptions = database.prepare("DELETE FROM exceptions WHERE timestamp_ms BETWEEN ? AND ?");
        removeNeedless = database.prepare("DELETE FROM exceptions WHERE timestamp_ms BETWEEN ? AND ? AND pending = 0"
                + " AND (SELECT priority FROM series WHERE id = exceptions.series) = ?");
    }

    /** The ranges by priority level. */
    DeliveredRanges[] ranges() throws SQLException {
        DeliveredRanges[] ranges = new DeliveredRanges[Priority.values().length];
        Arrays.fill(ranges, DeliveredRanges.NONE);
        try (ResultSet result = load.executeQuery()) {
            while (result.next()) {
                int level = result.getInt(1);
                ranges[level] = ranges[level].plus(result.getLong(2), result.getLong(3));
            }
        }
        return ranges;
    }

    /** Replaces the ranges of a level; writes what differs. */
    void replace(int level, DeliveredRanges old, DeliveredRanges now) throws SQLException {
        int i = 0;
        int j = 0;
        while (i < old.size() || j < now.size()) {
            long gone = i < old.size() ? old.from(i) : Long.MAX_VALUE;
            long come = j < now.size() ? now.from(j) : Long.MAX_VALUE;
            boolean same = gone == come && old.to(i) == now.to(j);
            if (gone <= come) {
                if (!same) {
                    removeRange.setInt(1, level);
                    removeRange.setLong(2, gone);
                    removeRange.executeUpdate();
                }
                i++;
            }
            if (come <= gone) {
                if (!same) {
                    insertRange.setInt(1, level);
                    insertRange.setLong(2, come);
                    insertRange.setLong(3, now.to(j));
                    insertRange.executeUpdate();
                }
                j++;
            }
        }
    }

    /** Timestamp, series, value and pending of the samples with an exception, in order, both ends included. */
    ResultSet scanExceptions(long first, long last) throws SQLException {
        scan.setLong(1, first);
        scan.setLong(2, last);
        return scan.executeQuery();
    }

    /** From now on the sample is pending, or not, whatever the ranges say. */
    void putException(long timestamp, int series, boolean pending) throws SQLException {
        execute(putException, timestamp, series, pending);
    }

    /** The same, unless the sample has an exception already; tells whether it had none. */
    boolean addException(long timestamp, int series, boolean pending) throws SQLException {
        return execute(addException, timestamp, series, pending) == 1;
    }

    /** From now on the ranges say whether the sample is pending; tells whether there was an exception. */
    boolean removeException(long timestamp, int series) throws SQLException {
        removeException.setLong(1, timestamp);
        removeException.setInt(2, series);
        return removeException.executeUpdate() == 1;
    }

    /** Removes all exceptions from {@code first} to {@code last}, both included. */
    void removeExceptions(long first, long last) throws SQLException {
        removeExceptions.setLong(1, first);
        removeExceptions.setLong(2, last);
        removeExceptions.executeUpdate();
    }

    /** Removes exceptions that say "not pending" of samples which a range of this level holds from {@code first} on. */
    void removeNeedless(int level, long first, long last) throws SQLException {
        removeNeedless.setLong(1, first);
        removeNeedless.setLong(2, last);
        removeNeedless.setInt(3, level);
        removeNeedless.executeUpdate();
    }

    private static int execute(PreparedSql statement, long timestamp, int series, boolean pending) throws SQLException {
        statement.setLong(1, timestamp);
        statement.setInt(2, series);
        statement.setInt(3, pending ? 1 : 0);
        return statement.executeUpdate();
    }
}
