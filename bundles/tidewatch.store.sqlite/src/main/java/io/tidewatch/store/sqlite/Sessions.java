package io.tidewatch.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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

    /**
     * An earlier session.
     *
     * @param id its id
     * @param start when it began
     * @param end time of its last sign of life
     * @param uptime milliseconds from the boot to its start; -1 if that is not known
     */
    record Run(String id, long start, long end, long uptime) {}

    private final PreparedSql failActive;
    private final PreparedSql highest;
    private final PreparedSql prune;
    private final PreparedSql insert;
    private final PreparedSql complete;
    private final PreparedSql shift;
    private final PreparedSql move;
    private final PreparedSql ownStart;
    private final PreparedSql neverSet;
    private final PreparedSql resume;
    private final PreparedSql extend;
    private final PreparedSql own;
    private final UUID id;
    private volatile long number;

    /** @param id names this run of the agent, which may open its database more than once */
    Sessions(Database database, UUID id) throws SQLException {
        this.id = id;
        own = database.prepare("SELECT CAST(" + fact(NUMBER) + " AS INTEGER) FROM sessions WHERE id = ?");
        resume = database.prepare("UPDATE sessions SET status = 'active', end_time = NULL WHERE id = ?");
        extend = database.prepare("UPDATE sessions SET start_time = min(start_time, ?) WHERE id = ?");
        failActive = database.prepare(
                "UPDATE sessions SET status = 'failed', end_time = max(start_time, ?)" + " WHERE status = 'active'");
        highest = database.prepare(
                "SELECT max(count(*), coalesce(max(CAST(" + fact(NUMBER) + " AS INTEGER)), 0))" + " FROM sessions");
        prune = database.prepare("DELETE FROM sessions WHERE start_time <"
                + " (SELECT start_time FROM sessions ORDER BY start_time DESC LIMIT 1 OFFSET " + (KEPT - 1) + ")");
        insert = database.prepare("INSERT INTO sessions(id, boot_id, start_time, end_time, status, metadata)"
                + " VALUES (?, ?, ?, NULL, 'active', ?)");
        complete = database.prepare(
                "UPDATE sessions SET status = 'completed', end_time = max(start_time, ?)" + " WHERE id = ?");
        move = database.prepare(
                "UPDATE sessions SET start_time = start_time + ?, end_time = end_time + ? WHERE id = ?");
        ownStart = database.prepare("SELECT start_time FROM sessions WHERE id = ?");
        neverSet = database.prepare("SELECT id, start_time, coalesce(end_time, start_time),"
                + " " + fact("uptime_ms") + " FROM sessions"
                + " WHERE boot_id = (SELECT boot_id FROM sessions WHERE id = ?) AND id <> ? AND start_time < ?"
                + " ORDER BY start_time");
        shift = database.prepare("UPDATE sessions SET start_time = start_time + ?"
                + " WHERE id = ? AND start_time >= ? AND start_time < ?");
    }

    /**
     * Starts a session, in the caller's transaction.
     *
     * @param now milliseconds since the epoch
     * @param lastSign time of the newest sample, for the end of a session that did not end cleanly
     * @param bootId names the boot of the machine; null if it does not tell
     * @param uptime milliseconds since that boot, by which it can be moved when the clock is set later
     * @param metadata what else is worth knowing about the run
     */
    void start(
            long now, long lastSign, @Nullable String bootId, OptionalLong uptime, SortedMap<String, String> metadata)
            throws SQLException {
        if (isResumed()) {
            return;
        }
        SortedMap<String, String> facts = new TreeMap<>(metadata);
        uptime.ifPresent(millis -> facts.put("uptime_ms", String.valueOf(millis)));
        failActive.setLong(1, lastSign);
        failActive.executeUpdate();
        number = 1 + highest();
        facts.put(NUMBER, String.valueOf(number));
        insert.setString(1, id.toString());
        insert.setString(2, bootId);
        insert.setLong(3, now);
        insert.setString(4, CanonicalJson.write(facts));
        insert.executeUpdate();
        prune.executeUpdate();
    }

    /** This run has opened its database before: its session goes on. */
    private boolean isResumed() throws SQLException {
        own.setString(1, id.toString());
        try (ResultSet row = own.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            number = Math.max(1, row.getLong(1));
        }
        resume.setString(1, id.toString());
        resume.executeUpdate();
        return true;
    }

    /** A fact from the metadata, which may be no JSON in a database of the original agent, or a damaged one. */
    private static String fact(String key) {
        return "CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$." + key + "') END";
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

    /** When this session began; later than anything if it is not there any more. */
    long start() throws SQLException {
        ownStart.setString(1, id.toString());
        try (ResultSet row = ownStart.executeQuery()) {
            return row.next() ? row.getLong(1) : DeliveryState.END;
        }
    }

    /**
     * Earlier sessions of the same boot that began on a clock that was never set.
     *
     * @param built a clock that says less is wrong, in milliseconds since the epoch
     */
    List<Run> onAClockNeverSet(long built) throws SQLException {
        neverSet.setString(1, id.toString());
        neverSet.setString(2, id.toString());
        neverSet.setLong(3, built);
        List<Run> runs = new ArrayList<>();
        try (ResultSet row = neverSet.executeQuery()) {
            while (row.next()) {
                long uptime = row.getLong(4);
                runs.add(new Run(row.getString(1), row.getLong(2), row.getLong(3), row.wasNull() ? -1 : uptime));
            }
        }
        return runs;
    }

    /** This session began at this time at the latest. In the caller's transaction. */
    void beginsAt(long time) throws SQLException {
        extend.setLong(1, time);
        extend.setString(2, id.toString());
        extend.executeUpdate();
    }

    /** Moves a session in time. */
    void move(Run run, long step) throws SQLException {
        move.setLong(1, step);
        move.setLong(2, step);
        move.setString(3, run.id());
        move.executeUpdate();
    }
}
