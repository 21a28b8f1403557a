package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The tables of the store.
 *
 * <p>Versions start at 100: 1 to 5 belong to the databases of the original Go agent, whose table {@code schema_version}
 * looks the same, and the numbers between are left to it.
 *
 * <p>{@code samples} is keyed by (time, series) in that order: a pass then touches the last page or two instead of a
 * page per series, which is what an SD card is worn by. It has no foreign key on {@code series}: removing a series
 * would scan all samples for lack of an index that starts with it.
 *
 * <p>What is delivered is kept as ranges of time per priority ({@code delivered}), so that a delivery writes a row or
 * two instead of marking each sample; {@code exceptions} lists the samples that differ from what the ranges say. A
 * numeric sample is pending if its exception says so, or, without one, if no range of its series' priority holds it.
 */
final class Schema {
    /** Version of the tables below. */
    static final int VERSION = 102;

    /** Marks the file as a database of this store, in the header field that SQLite has for it: "TIDE". */
    static final int APPLICATION_ID = 0x54494445;

    private static final int LAST_OF_THE_ORIGINAL = 5;

    /** The first version of ours. */
    private static final int FIRST = 100;

    /** What makes the next version of each, from the first one on. */
    private static final String[][] STEPS = {
        {
            // Which priorities an old checkpoint had is not known: all.
            "ALTER TABLE upload_checkpoints ADD COLUMN levels INTEGER NOT NULL DEFAULT 15",
            "CREATE TABLE tally(priority INTEGER PRIMARY KEY, pending INTEGER NOT NULL, oldest_ms INTEGER NOT NULL)"
        },
        {"CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL)"},
    };

    private static final String[] TABLES = {
        "CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)",
        """
        CREATE TABLE series(
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          device_id TEXT NOT NULL,
          tags TEXT NOT NULL,
          value_type INTEGER NOT NULL CHECK (value_type IN (0, 1)),
          kind TEXT NOT NULL,
          unit TEXT NOT NULL,
          priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
          key BLOB NOT NULL UNIQUE)""",
        // The column has no type on purpose: SQLite would turn the text 1.10 into the number 1.1, or store whole
        // numbers, which take less room, as floating point.
        """
        CREATE TABLE samples(
          timestamp_ms INTEGER NOT NULL,
          series INTEGER NOT NULL,
          value NOT NULL,
          PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID""",
        """
        CREATE TABLE delivered(
          priority INTEGER NOT NULL,
          from_ms INTEGER NOT NULL,
          to_ms INTEGER NOT NULL,
          PRIMARY KEY (priority, from_ms)) WITHOUT ROWID""",
        """
        CREATE TABLE exceptions(
          timestamp_ms INTEGER NOT NULL,
          series INTEGER NOT NULL,
          pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
          PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID""",
        """
        CREATE TABLE set_aside(
          timestamp_ms INTEGER NOT NULL,
          series INTEGER NOT NULL,
          reason TEXT NOT NULL,
          time_ms INTEGER NOT NULL,
          PRIMARY KEY (timestamp_ms, series)) WITHOUT ROWID""",
        """
        CREATE TABLE upload_checkpoints(
          id INTEGER PRIMARY KEY,
          batch_id TEXT NOT NULL,
          chunk_index INTEGER NOT NULL,
          first_timestamp_ms INTEGER NOT NULL,
          last_timestamp_ms INTEGER NOT NULL,
          upload_time_ms INTEGER NOT NULL,
          metrics_count INTEGER NOT NULL,
          levels INTEGER NOT NULL)""",
        // Written at a clean end and emptied at the next start: what is pending need not be counted then.
        """
        CREATE TABLE tally(
          priority INTEGER PRIMARY KEY,
          pending INTEGER NOT NULL,
          oldest_ms INTEGER NOT NULL)""",
        """
        CREATE TABLE sessions(
          id TEXT PRIMARY KEY,
          boot_id TEXT,
          start_time INTEGER NOT NULL,
          end_time INTEGER,
          status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'failed')),
          metadata TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE INDEX sessions_by_start ON sessions(start_time)",
        """
        CREATE VIEW metrics(timestamp_ms, metric_name, metric_value, value_text, value_type, tags, session_id, device_id,
            uploaded, priority, dedup_key) AS
        SELECT s.timestamp_ms,
          r.name,
          CASE r.value_type WHEN 0 THEN CAST(s.value AS REAL) END,
          CASE r.value_type WHEN 1 THEN s.value END,
          r.value_type,
          r.tags,
          (SELECT id FROM sessions WHERE start_time <= s.timestamp_ms
             AND (end_time IS NULL OR end_time >= s.timestamp_ms) ORDER BY start_time DESC LIMIT 1),
          r.device_id,
          CASE
            WHEN r.value_type = 1 THEN 0
            WHEN EXISTS (SELECT 1 FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series) THEN 0
            ELSE coalesce(
              (SELECT 1 - e.pending FROM exceptions e WHERE e.timestamp_ms = s.timestamp_ms AND e.series = s.series),
              EXISTS (SELECT 1 FROM delivered d WHERE d.priority = r.priority
                AND d.from_ms <= s.timestamp_ms AND d.to_ms >= s.timestamp_ms))
          END,
          r.priority,
          lower(hex(r.key)) || ':' || s.timestamp_ms
        FROM samples s JOIN series r ON r.id = s.series""",
    };

    private Schema() {}

    /** Creates the tables in one transaction. */
    static void create(Statement statement, long now) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        for (String table : TABLES) {
            statement.execute(table);
        }
        statement.execute("INSERT INTO schema_version VALUES (" + VERSION + ", " + now + ")");
        statement.execute("PRAGMA application_id=" + APPLICATION_ID);
        statement.execute("COMMIT");
    }

    /**
     * The version of the tables in a file: 0 if there are none yet, 1 to 5 for the original agent's, 100 and up for ours.
     *
     * @throws StoreException if it holds anything else, or tables of a version that is newer than ours
     */
    static int versionOf(Path file, Statement statement) throws SQLException, StoreException {
        try {
            if (number(statement, "SELECT count(*) FROM sqlite_schema") == 0) {
                return 0;
            }
            if (!has(statement, "schema_version")) {
                throw foreign(file);
            }
            long version = number(statement, "SELECT coalesce(max(version), 0) FROM schema_version");
            if (isOriginal(version) && has(statement, "metrics")) {
                return (int) version;
            }
            if (number(statement, "PRAGMA application_id") != APPLICATION_ID) {
                throw foreign(file);
            }
            if (version < FIRST || version > VERSION) {
                throw new StoreException(file + " has schema " + version + ", this version of the agent knows " + FIRST
                        + " to " + VERSION
                        + "; it was left untouched. Install the agent that wrote it, or configure another path");
            }
            return (int) version;
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
                throw new StoreException(
                        file + " is not an SQLite database; it was left untouched. Move it away, or configure another"
                                + " path",
                        e);
            }
            throw e;
        }
    }

    /** Whether a version is one of the original agent's. */
    static boolean isOriginal(long version) {
        return version >= 1 && version <= LAST_OF_THE_ORIGINAL;
    }

    /**
     * Brings the tables of an earlier version of ours to this one, in one transaction: interrupted, the file is as it was.
     *
     * @param now milliseconds since the epoch
     */
    static void upgrade(Statement statement, int from, long now) throws SQLException {
        statement.execute("BEGIN IMMEDIATE");
        try {
            for (int version = from; version < VERSION; version++) {
                for (String step : STEPS[version - FIRST]) {
                    statement.execute(step);
                }
                statement.execute("INSERT INTO schema_version VALUES (" + (version + 1) + ", " + now + ")");
            }
            statement.execute("COMMIT");
        } catch (SQLException e) {
            try {
                statement.execute("ROLLBACK");
            } catch (SQLException rollback) {
                // Some errors have ended the transaction already; the first one says why.
                e.addSuppressed(rollback);
            }
            throw e;
        }
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        return number(statement, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + table + "'")
                == 1;
    }

    private static StoreException foreign(Path file) {
        return new StoreException(file + " is a database of another program; it was left untouched. Move it away, or"
                + " configure another path");
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
