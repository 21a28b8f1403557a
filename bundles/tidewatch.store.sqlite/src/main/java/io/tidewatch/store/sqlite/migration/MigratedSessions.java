package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a database of another version says besides its samples: its sessions, from version 4 of the original on, in the
 * order in which they began, the versions that it went through, and its notes.
 */
final class MigratedSessions {
    private static final Set<String> STATUSES = Set.of("active", "completed", "failed");

    private MigratedSessions() {}

    /** Copies them in one transaction. */
    static void copy(Connection source, Database target) throws SQLException {
        target.begin();
        copy(
                source,
                target,
                "SELECT CAST(version AS INTEGER), CAST(coalesce(applied_at, 0) AS INTEGER) FROM schema_version",
                "INSERT OR IGNORE INTO schema_version(version, applied_at) VALUES (?, ?)");
        List<String> columns = DamagedTable.columns(source, "sessions");
        if (columns.containsAll(List.of("id", "start_time", "end_time", "status", "metadata"))) {
            copySessions(source, target, columns.contains("boot_id"));
        }
        if (!DamagedTable.columns(source, "notes").isEmpty()) {
            copy(
                    source,
                    target,
                    "SELECT key, value FROM notes WHERE key IS NOT NULL",
                    "INSERT OR IGNORE INTO notes(key, value) VALUES (?, ?)");
        }
        target.commit();
    }

    private static void copy(Connection source, Database target, String pairs, String insert) throws SQLException {
        Sql.each(source, pairs, row -> target.sql(insert).update(row.getObject(1), row.getObject(2)));
    }

    private static void copySessions(Connection source, Database target, boolean boots) throws SQLException {
        // Earlier versions of ours have a number in the metadata, which counts pruned sessions as well.
        String counted = "coalesce(max(CAST(CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$.number') END"
                + " AS INTEGER)), 0)";
        long before = Sql.number(source, "SELECT max(0, " + counted + " - count(*)) FROM sessions");
        Sql.each(
                source,
                "SELECT row_number() OVER (ORDER BY start_time), id, " + (boots ? "boot_id" : "NULL")
                        + ", start_time, end_time, status, metadata"
                        + " FROM sessions WHERE id IS NOT NULL AND typeof(start_time) = 'integer' ORDER BY start_time",
                row -> {
                    long end = row.getLong(5);
                    Long known = row.wasNull() ? null : end;
                    target.sql("INSERT OR IGNORE INTO sessions(number, id, boot_id, start_time, end_time, status,"
                                    + " metadata) VALUES (?, ?, ?, ?, ?, ?, ?)")
                            .update(
                                    before + row.getLong(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getLong(4),
                                    known,
                                    status(row.getString(6)),
                                    json(row.getString(7)));
                });
    }

    /** Metadata as JSON: the original writes any text there. */
    private static String json(@Nullable String metadata) {
        return CanonicalJson.write(
                metadata == null || metadata.isBlank() ? new TreeMap<>() : CanonicalJson.readOr(metadata, "original"));
    }

    /** An unknown status is that of a session of which nothing is known but that it is over. */
    private static String status(@Nullable String status) {
        return status != null && STATUSES.contains(status) ? status : "failed";
    }
}
