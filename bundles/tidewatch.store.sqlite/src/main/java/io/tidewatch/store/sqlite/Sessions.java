package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The runs of the agent: one row per start. A row that is still active at a start is that of a run which ended without a
 * word; it is marked failed and ends with the last sample. Not safe for use by several threads.
 */
final class Sessions {
    /** A run that restarts every minute fills a day with these. */
    private static final int KEPT = 1440;

    /** Key in the metadata: how many runs there were up to this one, also those whose rows are pruned. */
    private static final String NUMBER = "number";

    private final PreparedStatement failActive;
    private final PreparedStatement highest;
    private final PreparedStatement prune;
    private final PreparedStatement insert;
    private final PreparedStatement complete;
    private final PreparedStatement shift;
    private final UUID id = UUID.randomUUID();
    private volatile long number;

    Sessions(Database database) throws SQLException {
        failActive = database.prepare(
                "UPDATE sessions SET status = 'failed', end_time = max(start_time, ?)" + " WHERE status = 'active'");
        highest = database.prepare("SELECT max(count(*), coalesce(max(CAST(json_extract(metadata, '$." + NUMBER
                + "') AS INTEGER)), 0)) FROM sessions");
        prune = database.prepare("DELETE FROM sessions WHERE start_time <"
                + " (SELECT start_time FROM sessions ORDER BY start_time DESC LIMIT 1 OFFSET " + (KEPT - 1) + ")");
        insert = database.prepare("INSERT INTO sessions(id, boot_id, start_time, end_time, status, metadata)"
                + " VALUES (?, ?, ?, NULL, 'active', ?)");
        complete = database.prepare(
                "UPDATE sessions SET status = 'completed', end_time = max(start_time, ?)" + " WHERE id = ?");
        shift = database.prepare("UPDATE sessions SET start_time = start_time + ?"
                + " WHERE id = ? AND start_time >= ? AND start_time < ?");
    }

    /**
     * Starts a session, in the caller's transaction.
     *
     * @param now milliseconds since the epoch
     * @param lastSign time of the newest sample, for the end of a session that did not end cleanly
     * @param bootId names the boot of the machine; null if it does not tell
     * @param metadata what else is worth knowing about the run
     */
    void start(long now, long lastSign, @Nullable String bootId, SortedMap<String, String> metadata)
            throws SQLException {
        failActive.setLong(1, lastSign);
        failActive.executeUpdate();
        number = 1 + highest();
        SortedMap<String, String> numbered = new TreeMap<>(metadata);
        numbered.put(NUMBER, String.valueOf(number));
        insert.setString(1, id.toString());
        insert.setString(2, bootId);
        insert.setLong(3, now);
        insert.setString(4, CanonicalJson.write(numbered));
        insert.executeUpdate();
        prune.executeUpdate();
    }

    /** Names this run. */
    UUID id() {
        return id;
    }

    /** How many runs there were before this one. */
    long restarts() {
        return number - 1;
    }

    /** Ends the session cleanly. */
    void complete(long now) throws SQLException {
        complete.setLong(1, now);
        complete.setString(2, id.toString());
        complete.executeUpdate();
    }

    /** Moves the start of this session by {@code step} if it lies from {@code from} to before {@code until}. */
    void shift(long from, long until, long step) throws SQLException {
        shift.setLong(1, step);
        shift.setString(2, id.toString());
        shift.setLong(3, from);
        shift.setLong(4, until);
        shift.executeUpdate();
    }

    private long highest() throws SQLException {
        try (ResultSet result = highest.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Reads the kernel's id of the boot; null where it has none. */
    static @Nullable String bootId(Path file) {
        try {
            String id = Files.readString(file).strip();
            return id.isEmpty() ? null : id;
        } catch (IOException e) {
            return null;
        }
    }
}
