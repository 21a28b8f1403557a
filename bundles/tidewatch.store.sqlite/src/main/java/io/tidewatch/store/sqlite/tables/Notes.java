package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Texts by key that a delivering bundle keeps across restarts. Not safe for use by several threads. */
public final class Notes {
    private final Database database;

    public Notes(Database database) {
        this.database = database;
    }

    /** Returns the text of a key; empty if there is none. */
    public Optional<String> read(String key) throws SQLException {
        try (ResultSet row =
                database.sql("SELECT value FROM notes WHERE key = ?").query(key)) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /** Writes the text of a key, over the one before, in the caller's transaction. */
    public void write(String key, String value) throws SQLException {
        database.sql(
                        "INSERT INTO notes(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
                .update(key, value);
    }
}
