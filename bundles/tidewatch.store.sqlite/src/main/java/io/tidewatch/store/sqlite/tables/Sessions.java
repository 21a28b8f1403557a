package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The runs of the agent: one row per start. A row that is still active at a start is that of a run which ended without a
 * word; it is marked failed and ends with the last sample.
 */
public final class Sessions {
    /** A run that restarts every minute fills a day with these. */
    private static final int KEPT = 1440;

    /** A session with a higher number was not started by a store. */
    private static final long LARGEST_NUMBER = 1L << 52;

    /** Key in the metadata: milliseconds from the boot to the start. */
    private static final String UPTIME = "uptime_ms";

    /** Key in the metadata: a server agreed with the clock of the session. Gone when the session is moved in time. */
    private static final String CONFIRMED = "clock_confirmed";

    /**
     * @param number its number: one more than that of the session before
     * @param start when it began, in milliseconds since the epoch
     * @param end time of its last sample at the latest; its start while it is current
     * @param uptime milliseconds from the boot to its start; -1 if that is not known
     * @param confirmed whether a server agreed with its clock
     */
    public record Run(long number, long start, long end, long uptime, boolean confirmed) {
        /** Whether its clock can be compared with that of other sessions. */
        public boolean isComparable() {
            return uptime >= 0;
        }

        /** When the machine booted by the clock of this session: the same for all sessions of a boot on one clock. */
        public long boot() {
            return start - uptime;
        }

        private Run endingBy(long time) {
            return new Run(number, start, Math.min(end, time), uptime, confirmed);
        }
    }

    private static final String RUNS = "SELECT number, start_time, coalesce(end_time, start_time), CAST(" + fact(UPTIME)
            + " AS INTEGER), " + fact(CONFIRMED) + " FROM sessions WHERE ";

    private final Database database;
    private final UUID id;
    private volatile long number;

    /** @param id names this run of the agent, which may open its database more than once */
    public Sessions(Database database, UUID id) {
        this.database = database;
        this.id = id;
    }

    /**
     * Starts a session, in the caller's transaction.
     *
     * @param lastSign time of the newest sample, for the end of a session that did not end cleanly
     * @param bootId names the boot of the machine; null if it does not tell
     * @param uptime milliseconds since that boot, by which it can be moved when the clock is set later
     */
    public void start(
            long now, long lastSign, @Nullable String bootId, OptionalLong uptime, SortedMap<String, String> metadata)
            throws SQLException {
        if (isResumed()) {
            return;
        }
        SortedMap<String, String> facts = new TreeMap<>(metadata);
        uptime.ifPresent(millis -> facts.put(UPTIME, String.valueOf(millis)));
        database.sql("UPDATE sessions SET status = 'failed', end_time = max(start_time, ?) WHERE status = 'active'")
                .update(lastSign);
        number = 1
                + database.sql("SELECT coalesce(max(number), 0) FROM sessions WHERE number BETWEEN 0 AND "
                                + LARGEST_NUMBER)
                        .number();
        database.sql("INSERT INTO sessions(number, id, boot_id, start_time, end_time, status, metadata)"
                        + " VALUES (?, ?, ?, ?, NULL, 'active', ?)")
                .update(number, id.toString(), bootId, now, CanonicalJson.write(facts));
        database.sql("DELETE FROM sessions WHERE start_time <"
                        + " (SELECT start_time FROM sessions ORDER BY start_time DESC LIMIT 1 OFFSET " + (KEPT - 1)
                        + ")")
                .update();
    }

    /** This run has opened its database before: its session goes on. */
    private boolean isResumed() throws SQLException {
        number = database.sql("SELECT number FROM sessions WHERE id = ?").number(id.toString());
        return number > 0
                && database.sql("UPDATE sessions SET status = 'active', end_time = NULL WHERE id = ?")
                                .update(id.toString())
                        > 0;
    }

    /** A fact from the metadata, which may be no JSON in a database of the original agent, or a damaged one. */
    private static String fact(String key) {
        return "CASE WHEN json_valid(metadata) THEN json_extract(metadata, '$." + key + "') END";
    }

    public UUID id() {
        return id;
    }

    /** The number of this run, which its passes carry: the runs up to this one, counted. */
    public long number() {
        return number;
    }

    /** How many runs there were before this one. */
    public long restarts() {
        return number - 1;
    }

    public void complete(long now) throws SQLException {
        database.sql("UPDATE sessions SET status = 'completed', end_time = max(start_time, ?) WHERE id = ?")
                .update(now, id.toString());
    }

    /** Moves the start of this session by {@code step} if it is from {@code from} to before {@code until}. */
    public void shift(long from, long until, long step) throws SQLException {
        database.sql("UPDATE sessions SET start_time = start_time + ?"
                        + " WHERE number = ? AND start_time >= ? AND start_time < ?")
                .update(step, number, from, until);
    }

    /** This session; null if its row is not there any more. */
    public @Nullable Run own() throws SQLException {
        try (ResultSet row = database.sql(RUNS + "number = ?").query(number)) {
            return row.next() ? run(row) : null;
        }
    }

    /** Earlier sessions of the boot of {@code own}, oldest first: each ends when the next one begins, at the latest. */
    public List<Run> earlierOfBoot(Run own) throws SQLException {
        List<Run> runs = new ArrayList<>();
        String earlier = RUNS + "boot_id = (SELECT boot_id FROM sessions WHERE number = ?1) AND number <> ?1";
        Sql.each(database.sql(earlier).query(own.number()), row -> runs.add(run(row)));
        runs.sort(Comparator.comparingLong(Run::uptime).thenComparingLong(Run::start));
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            Run next = i + 1 < runs.size() ? runs.get(i + 1) : own;
            if (run.isComparable() && next.isComparable()) {
                runs.set(i, run.endingBy(run.boot() + next.uptime()));
            }
        }
        return runs;
    }

    public void move(Run run, long step) throws SQLException {
        database.sql("UPDATE sessions SET start_time = start_time + ?, end_time = end_time + ?,"
                        + " metadata = CASE WHEN json_valid(metadata) THEN json_remove(metadata, '$." + CONFIRMED + "')"
                        + " ELSE metadata END WHERE number = ?")
                .update(step, step, run.number());
    }

    /** A server agrees with the clock of this session. */
    public void confirm() throws SQLException {
        database.sql("UPDATE sessions SET metadata = json_set(metadata, '$." + CONFIRMED
                        + "', 'true') WHERE id = ? AND json_valid(metadata)")
                .update(id.toString());
    }

    private static Run run(ResultSet row) throws SQLException {
        long uptime = row.getLong(4);
        boolean known = !row.wasNull();
        return new Run(row.getLong(1), row.getLong(2), row.getLong(3), known ? uptime : -1, row.getString(5) != null);
    }
}
