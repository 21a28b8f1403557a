package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.PreparedSql;
import io.tidewatch.store.sqlite.db.Schema;
import java.sql.ResultSet;
import java.sql.SQLException;

/** All passes. Not safe for use by several threads. */
public final class PassTable {
    private final PreparedSql insert;
    private final PreparedSql select;
    private final PreparedSql replace;
    private final PreparedSql at;
    private final PreparedSql byTime;
    private final PreparedSql bySeq;
    private final PreparedSql before;
    private final PreparedSql oldest;
    private final PreparedSql newest;
    private final PreparedSql oldestSeq;
    private final PreparedSql newestSeq;
    private final PreparedSql remove;
    private final PreparedSql moveSession;
    private long nextSeq;

    public PassTable(Database database) throws SQLException {
        insert = database.prepare("INSERT INTO pass(seq, time_ms, session, layout, priority, numbers, texts, samples)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        select = database.prepare("SELECT layout, samples FROM pass WHERE seq = ?");
        replace = database.prepare("UPDATE pass SET numbers = ?, texts = ?, samples = ? WHERE seq = ?");
        at = database.prepare("SELECT seq, layout, samples FROM pass WHERE time_ms = ?");
        byTime = database.prepare("SELECT seq, time_ms, priority, numbers, texts, session FROM pass"
                + " WHERE time_ms >= ? AND time_ms < ? ORDER BY time_ms");
        bySeq = database.prepare(
                "SELECT seq, time_ms, priority, numbers, texts, session FROM pass WHERE seq BETWEEN ? AND ?");
        before = database.prepare("SELECT coalesce(max(seq), 0) FROM pass WHERE seq < ?");
        oldest = database.prepare("SELECT coalesce(min(time_ms), " + Millis.END + ") FROM pass");
        newest = database.prepare("SELECT coalesce(max(time_ms), 0) FROM pass");
        oldestSeq = database.prepare("SELECT coalesce(min(seq), ?) FROM pass");
        newestSeq = database.prepare("SELECT max((SELECT coalesce(max(seq), 0) FROM pass),"
                + " (SELECT coalesce(max(last_seq), 0) FROM delivered),"
                + " (SELECT coalesce(max(last_seq), 0) FROM acknowledged"
                + " WHERE typeof(last_seq) = 'integer' AND last_seq <= " + PassRow.LARGEST_SEQ + "))");
        remove = database.prepare("DELETE FROM pass WHERE seq = ?");
        moveSession =
                database.prepare("UPDATE pass AS p SET time_ms = time_ms + ? WHERE p.time_ms >= ? AND p.time_ms < ?"
                        + " AND p.session = ? AND (p.numbers = 0 OR NOT " + Schema.DELIVERED + ")");
        nextSeq = newestSeq.number() + 1;
        if (oldest() != Millis.END) {
            PassRow.requirePossible(nextSeq - 1, oldest());
            PassRow.requirePossible(oldestSeq(), newest());
        }
    }

    /** The number that the next pass gets. Numbers of transactions that failed are not used again. */
    public long nextSeq() {
        return nextSeq;
    }

    /** Stores a pass; returns its number. */
    public long insert(long time, long session, Layout layout, int level, SampleArray samples) throws SQLException {
        long seq = nextSeq++;
        insert(seq, time, session, layout, level, samples);
        return seq;
    }

    /** Stores a pass under a number of its own. */
    public void insert(long seq, long time, long session, Layout layout, int level, SampleArray samples)
            throws SQLException {
        insert.update(seq, time, session, layout.id(), level, samples.numbers(), samples.texts(), samples.toJson());
    }

    /** Reads the samples of a pass, which must be there; returns its layout. */
    public Layout read(long seq, SampleArray into, LayoutTable layouts) throws SQLException {
        int id;
        byte[] samples;
        try (ResultSet pass = rowOf(seq)) {
            id = pass.getInt(1);
            samples = pass.getBytes(2);
        }
        Layout layout = layouts.get(id);
        into.read(samples, layout.size(), seq);
        return layout;
    }

    /** The layout of a pass, which must be there. */
    public Layout layoutOf(long seq, LayoutTable layouts) throws SQLException {
        int id;
        try (ResultSet pass = rowOf(seq)) {
            id = pass.getInt(1);
        }
        return layouts.get(id);
    }

    private ResultSet rowOf(long seq) throws SQLException {
        ResultSet row = select.query(seq);
        if (!row.next()) {
            throw Failures.damagedContent("the index has pass " + seq + ", which the table of passes lacks");
        }
        return row;
    }

    public void replace(long seq, SampleArray samples) throws SQLException {
        replace.update(samples.numbers(), samples.texts(), samples.toJson(), seq);
    }

    /** Number, layout and samples of the passes of a time. */
    public ResultSet at(long time) throws SQLException {
        return at.query(time);
    }

    /** Passes from {@code from} to before {@code until}, in the order of time; see {@link PassRow}. */
    public ResultSet byTime(long from, long until) throws SQLException {
        return byTime.query(from, until);
    }

    /** Passes from {@code first} to {@code last}, both included, in the order of arrival; see {@link PassRow}. */
    public ResultSet bySeq(long first, long last) throws SQLException {
        return bySeq.query(first, last);
    }

    /** The last pass that came before this one and is still there; 0 if there is none. */
    public long before(long seq) throws SQLException {
        return before.number(seq);
    }

    /** Time of the newest pass; 0 if there is none. */
    public long newest() throws SQLException {
        return newest.number();
    }

    /** Time of the oldest pass; after any pass if there is none. */
    public long oldest() throws SQLException {
        return oldest.number();
    }

    /** Number of the first pass that is there; that of the next one if there is none. */
    public long oldestSeq() throws SQLException {
        return oldestSeq.number(nextSeq);
    }

    public void remove(long seq) throws SQLException {
        remove.update(seq);
    }

    /** Adds a step to the times of the passes of a session that are pending, or of texts, in a stretch of time. */
    public void moveSession(long session, long from, long until, long step) throws SQLException {
        moveSession.update(step, from, until, session);
    }
}
