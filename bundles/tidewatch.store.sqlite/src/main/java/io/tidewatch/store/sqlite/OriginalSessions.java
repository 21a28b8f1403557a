package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the original agent's database says besides its samples: its sessions, from version 4 on, and the versions that it
 * went through. Its checkpoints stay behind: they name no time, and nothing asks for them.
 */
final class OriginalSessions {
    private static final Set<String> STATUSES = Set.of("active", "completed", "failed");

    private final Connection source;
    private final PreparedSql insertSession;
    private final PreparedSql insertVersion;
    private final Database target;

    OriginalSessions(Connection source, Database target) throws SQLException {
        this.source = source;
        this.target = target;
        insertSession =
                target.prepare("INSERT OR IGNORE INTO sessions(id, boot_id, start_time, end_time, status, metadata)"
                        + " VALUES (?, NULL, ?, ?, ?, ?)");
        insertVersion = target.prepare("INSERT OR IGNORE INTO schema_version(version, applied_at) VALUES (?, ?)");
    }

    /** Copies them in one transaction. */
    void copy() throws SQLException {
        target.begin();
        try (Statement statement = source.createStatement()) {
            copyVersions(statement);
            if (OriginalMigration.number(
                            statement,
                            "SELECT count(*) FROM pragma_table_info('sessions') WHERE name IN"
                                    + " ('id', 'start_time', 'end_time', 'status', 'metadata')")
                    == 5) {
                copySessions(statement);
            }
        }
        target.commit();
    }

    private void copyVersions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT version, coalesce(applied_at, 0) FROM schema_version")) {
            while (row.next()) {
                insertVersion.setLong(1, row.getLong(1));
                insertVersion.setLong(2, row.getLong(2));
                insertVersion.executeUpdate();
            }
        }
    }

    private void copySessions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT id, start_time, end_time, status, metadata FROM sessions"
                + " WHERE id IS NOT NULL AND typeof(start_time) = 'integer'")) {
            while (row.next()) {
                insertSession.setString(1, row.getString(1));
                insertSession.setLong(2, row.getLong(2));
                long end = row.getLong(3);
                if (row.wasNull()) {
                    insertSession.setObject(3, null);
                } else {
                    insertSession.setLong(3, end);
                }
                insertSession.setString(4, status(row.getString(4)));
                String metadata = row.getString(5);
                insertSession.setString(5, json(metadata));
                insertSession.executeUpdate();
            }
        }
    }

    /** Metadata as JSON: the original writes any text there. */
    private static String json(@Nullable String metadata) {
        SortedMap<String, String> facts = new TreeMap<>();
        if (metadata != null && !metadata.isBlank()) {
            try {
                facts.putAll(CanonicalJson.readFlat(metadata));
            } catch (IOException e) {
                facts.put("original", metadata);
            }
        }
        return CanonicalJson.write(facts);
    }

    /** An unknown status is that of a session of which nothing is known but that it is over. */
    private static String status(@Nullable String status) {
        return status != null && STATUSES.contains(status) ? status : "failed";
    }
}
