package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.tables.PendingCount;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * The state in which an agent left its database.
 *
 * @param started start of its last session; nothing if it never ran
 * @param ended end of that session; nothing if it did not end in order, or is current
 * @param newest time of the newest sample
 * @param acknowledged when the server acknowledged samples for the last time, by the clock of the agent; nothing if never,
 *     or too long ago to be remembered
 * @param pending samples that are not delivered
 */
public record LastRun(
        Optional<Instant> started,
        Optional<Instant> ended,
        Optional<Instant> newest,
        Optional<Instant> acknowledged,
        long pending) {

    static LastRun read(Connection connection) throws SQLException {
        return new LastRun(
                time(connection, "SELECT max(start_time) FROM sessions"),
                time(
                        connection,
                        "SELECT CASE status WHEN 'completed' THEN end_time END FROM sessions ORDER BY start_time DESC LIMIT 1"),
                time(connection, "SELECT max(time_ms) FROM pass"),
                time(connection, "SELECT max(time_ms) FROM acknowledged"),
                PendingCount.read(connection).total());
    }

    private static Optional<Instant> time(Connection connection, String query) throws SQLException {
        long time = Sql.number(connection, "SELECT coalesce((" + query + "), -1)");
        return time < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
    }
}
