package io.tidewatch.store.sqlite;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Whether the rows of a database are what a store writes: damage that SQLite's own checks do not see. */
final class ContentCheck {
    private static final String BAD_RANGES = "SELECT 1 FROM delivered WHERE priority NOT BETWEEN 0 AND 3 OR from_ms < 0"
            + " OR to_ms < from_ms OR to_ms > " + DeliveryState.END + " LIMIT 1";
    private static final String BAD_SAMPLES =
            "SELECT 1 FROM samples s LEFT JOIN series r ON r.id = s.series WHERE r.id IS NULL OR s.timestamp_ms < 0"
                    + " OR (r.value_type = 0) <> (typeof(s.value) IN ('integer', 'real')) LIMIT 1";

    private ContentCheck() {}

    /**
     * Looks for rows that no store writes.
     *
     * @param thoroughly whether to look at all samples, too
     * @return what is wrong; null if nothing is
     * @throws SQLException if the database cannot be read
     */
    static @Nullable String problemOf(Connection connection, boolean thoroughly) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT " + StoredSeries.COLUMNS + " FROM series")) {
                while (rows.next()) {
                    StoredSeries unused = StoredSeries.read(rows);
                }
            }
            if (finds(statement, BAD_RANGES)) {
                return "the delivered ranges are not what a store writes";
            }
            return thoroughly && finds(statement, BAD_SAMPLES)
                    ? "samples have no series, or a value of another type than their series"
                    : null;
        }
    }

    private static boolean finds(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next();
        }
    }
}
