package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The tables of the store: a log of passes, keyed by arrival.
 *
 * <p>A {@code pass} is what one collector found at one time, or a part of that: its samples are a JSON array with one element
 * per column of its {@code layout}, null where the column was not read. Passes get ascending numbers ({@code seq}), none
 * twice, so that "delivered" is a few ranges of numbers per destination and priority, whatever the times are. Only a pass
 * that is not delivered is ever changed: its time when the clock is set, its columns when a part of it is delivered.
 *
 * <p>{@code pass_by_time} holds all that is asked of a pass but its samples. {@code numbers} and {@code texts} count its
 * samples; a pass has the one or the other, and one of texts is never pending.
 *
 * <p>Versions start at 100: 1 to 5 belong to the databases of the original Go agent, whose table {@code schema_version}
 * looks the same, and the numbers between are left to it. Versions 100 to 102 kept a row per sample.
 */
public final class Schema {
    public static final int VERSION = 103;

    /** Marks the file as a database of this store, in the header field that SQLite has for it: "TIDE". */
    public static final int APPLICATION_ID = 0x54494445;

    /** Id of the only destination that pending samples are counted for; the tables have a column for more. */
    public static final String DESTINATION = "victoriametrics";

    private static final int LAST_OF_THE_ORIGINAL = 5;

    /** The first version of ours. */
    private static final int FIRST = 100;

    /** Of a pass {@code p}: whether its numbers are delivered. */
    public static final String DELIVERED = "EXISTS (SELECT 1 FROM delivered d WHERE d.destination = '"
            + DESTINATION + "' AND d.priority = p.priority"
            + " AND d.first_seq <= p.seq AND d.last_seq >= p.seq)";

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
        // A JSON array of ids of series.
        "CREATE TABLE layout(id INTEGER PRIMARY KEY, series TEXT NOT NULL UNIQUE)",
        """
        CREATE TABLE pass(
          seq INTEGER PRIMARY KEY,
          time_ms INTEGER NOT NULL,
          session INTEGER NOT NULL,
          layout INTEGER NOT NULL,
          priority INTEGER NOT NULL,
          numbers INTEGER NOT NULL,
          texts INTEGER NOT NULL,
          samples TEXT NOT NULL)""",
        "CREATE INDEX pass_by_time ON pass(time_ms, priority, session, numbers, texts)",
        """
        CREATE TABLE delivered(
          destination TEXT NOT NULL,
          priority INTEGER NOT NULL,
          first_seq INTEGER NOT NULL,
          last_seq INTEGER NOT NULL,
          PRIMARY KEY (destination, priority, first_seq)) WITHOUT ROWID""",
        """
        CREATE TABLE quarantine(
          seq INTEGER NOT NULL,
          column_index INTEGER NOT NULL,
          reason TEXT NOT NULL,
          time_ms INTEGER NOT NULL,
          PRIMARY KEY (seq, column_index)) WITHOUT ROWID""",
        // Recent acknowledgements, which are resent if the server restarts. Each priority is a bit.
        """
        CREATE TABLE acknowledged(
          id INTEGER PRIMARY KEY,
          destination TEXT NOT NULL,
          time_ms INTEGER NOT NULL,
          first_seq INTEGER NOT NULL,
          last_seq INTEGER NOT NULL,
          priorities INTEGER NOT NULL,
          oldest_ms INTEGER NOT NULL,
          batch_id TEXT NOT NULL,
          chunk_index INTEGER NOT NULL,
          samples INTEGER NOT NULL)""",
        """
        CREATE TABLE sessions(
          number INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          boot_id TEXT,
          start_time INTEGER NOT NULL,
          end_time INTEGER,
          status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'failed')),
          metadata TEXT NOT NULL)""",
        "CREATE INDEX sessions_by_start ON sessions(start_time)",
        "CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        // CROSS JOIN is SQLite's word for "in this order": with the series outside, each of them would decode every
        // pass.
        """
        CREATE VIEW metrics(timestamp_ms, metric_name, metric_value, value_text, value_type, tags, session_id, device_id,
            uploaded, priority, dedup_key) AS
        SELECT p.time_ms,
          r.name,
          CASE r.value_type WHEN 0 THEN CAST(v.value AS REAL) END,
          CASE r.value_type WHEN 1 THEN v.value END,
          r.value_type,
          r.tags,
          (SELECT id FROM sessions WHERE number = p.session),
          r.device_id,
          r.value_type = 0 AND"""
                + " " + DELIVERED
                + """

             AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.seq = p.seq AND q.column_index = v.key),
          p.priority,
          lower(hex(r.key)) || ':' || p.time_ms
        FROM pass p
          CROSS JOIN layout l ON l.id = p.layout
          CROSS JOIN json_each(p.samples) v
          CROSS JOIN series r ON r.id = json_extract(l.series, '$[' || v.key || ']')
        WHERE v.type <> 'null'""",
    };

    private Schema() {}

    /** Creates the tables in one transaction. */
    static void create(Connection connection, long now) throws SQLException {
        Sql.execute(connection, "BEGIN IMMEDIATE");
        Sql.execute(connection, TABLES);
        Sql.execute(
                connection,
                "INSERT INTO schema_version VALUES (" + VERSION + ", " + now + ")",
                "PRAGMA application_id=" + APPLICATION_ID,
                "COMMIT");
    }

    /**
     * The version of the tables in a file: 0 if there are none yet, 1 to 5 for the original agent's, 100 and up for ours.
     *
     * @throws StoreException if it holds anything else, or tables of a version that is newer than ours
     */
    public static int versionOf(Path file, Connection connection) throws SQLException, StoreException {
        try {
            if (Sql.number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
                return 0;
            }
            if (!has(connection, "schema_version")) {
                throw foreign(file);
            }
            long version = Sql.number(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
            if (isOriginal(version) && has(connection, "metrics")) {
                return (int) version;
            }
            if (Sql.number(connection, "PRAGMA application_id") != APPLICATION_ID) {
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

    static List<Integer> versions(Connection connection) throws SQLException {
        List<Integer> versions = new ArrayList<>();
        Sql.each(
                connection,
                "SELECT version FROM schema_version ORDER BY version DESC",
                row -> versions.add(row.getInt(1)));
        return List.copyOf(versions);
    }

    /** @throws IllegalArgumentException if it is not {@link #DESTINATION} */
    public static void requireDestination(String destination) {
        if (!destination.equals(DESTINATION)) {
            throw new IllegalArgumentException(
                    "Unknown destination '" + destination + "'; this store counts pending samples for " + DESTINATION);
        }
    }

    public static boolean isOriginal(long version) {
        return version >= 1 && version <= LAST_OF_THE_ORIGINAL;
    }

    /** Whether a file of this version is migrated before it is worked with. */
    public static boolean isMigrated(long version) {
        return version > 0 && version < VERSION;
    }

    public static boolean has(Connection connection, String table) throws SQLException {
        return Sql.number(
                        connection,
                        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + table + "'")
                == 1;
    }

    private static StoreException foreign(Path file) {
        return new StoreException(file + " is a database of another program; it was left untouched. Move it away, or"
                + " configure another path");
    }

    /**
     * @param check {@code integrity_check}, or {@code quick_check}, which leaves the indices out
     * @return {@code ok}, or the first thing that is damaged
     */
    public static String check(Connection connection, String check) throws SQLException {
        return Sql.text(connection, "PRAGMA " + check + "(1)");
    }
}
