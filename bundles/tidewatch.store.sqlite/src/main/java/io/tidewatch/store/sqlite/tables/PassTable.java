package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

/** All passes, with their layouts. */
public final class PassTable {
    /** Takes passes, one by one. */
    public interface Visitor {
        /** Returns whether to go on; if not, this pass was not taken. */
        boolean visit(PassRow pass) throws SQLException;
    }

    /**
     * Some passes in ascending order of time, whole instants.
     *
     * @param end everything before is there
     */
    public record Page(List<PassRow> passes, long end) {}

    /** Which columns of a pass become a new one. */
    public interface Away {
        boolean goes(int column, int seriesId);
    }

    private static final String ROWS = "SELECT seq, time_ms, priority, numbers, texts, session FROM pass";

    private final Database database;
    private final LayoutTable layouts;
    private final SampleArray array = new SampleArray();
    private final SampleArray rest = new SampleArray();
    private long nextSeq;

    public PassTable(Database database) throws SQLException {
        this.database = database;
        nextSeq = 1
                + database.sql("SELECT max((SELECT coalesce(max(seq), 0) FROM pass),"
                                + " (SELECT coalesce(max(last_seq), 0) FROM delivered),"
                                + " (SELECT coalesce(max(last_seq), 0) FROM acknowledged"
                                + " WHERE typeof(last_seq) = 'integer' AND last_seq <= " + PassRow.LARGEST_SEQ + "))")
                        .number();
        if (oldest() != Millis.END) {
            PassRow.requirePossible(nextSeq - 1, oldest());
            PassRow.requirePossible(oldestSeq(), newest());
        }
        layouts = new LayoutTable(database, nextSeq - 1);
    }

    public LayoutTable layouts() {
        return layouts;
    }

    /** The number that the next pass gets. Numbers of transactions that failed are not used again. */
    public long nextSeq() {
        return nextSeq;
    }

    /** Stores a pass. */
    public void insert(long time, long session, Layout layout, int level, SampleArray samples) throws SQLException {
        insert(nextSeq++, time, session, layout, level, samples);
    }

    /** Stores a pass under a number of its own. */
    public void insert(long seq, long time, long session, Layout layout, int level, SampleArray samples)
            throws SQLException {
        database.sql("INSERT INTO pass(seq, time_ms, session, layout, priority, numbers, texts, samples)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                .update(seq, time, session, layout.id(), level, samples.numbers(), samples.texts(), samples.toJson());
        layouts.used(layout, seq);
    }

    /** Reads the samples of a pass, which must be there; returns its layout. */
    public Layout read(long seq, SampleArray into) throws SQLException {
        try (ResultSet pass = rowOf(seq)) {
            Layout layout = layouts.get(pass.getInt(1));
            into.read(pass.getBytes(2), layout.size(), seq);
            return layout;
        }
    }

    /** The layout of a pass, which must be there. */
    public Layout layoutOf(long seq) throws SQLException {
        try (ResultSet pass = rowOf(seq)) {
            return layouts.get(pass.getInt(1));
        }
    }

    private ResultSet rowOf(long seq) throws SQLException {
        ResultSet row =
                database.sql("SELECT layout, samples FROM pass WHERE seq = ?").query(seq);
        if (!row.next()) {
            throw Failures.damagedContent("the index has pass " + seq + ", which the table of passes lacks");
        }
        return row;
    }

    /**
     * Moves columns of a pass into a new one, which may have another time; returns how many samples that has. A pass without
     * a sample left is removed.
     */
    public int split(PassRow pass, long time, Away away) throws SQLException {
        Layout layout = read(pass.seq(), array);
        rest.clear(layout.size());
        for (int column = 0; column < layout.size(); column++) {
            if (array.has(column) && away.goes(column, layout.series()[column])) {
                rest.set(column, array, column);
                array.set(column, Double.NaN, null);
            }
        }
        int count = rest.count();
        if (count > 0) {
            if (array.count() == 0) {
                remove(pass.seq());
            } else {
                database.sql("UPDATE pass SET numbers = ?, texts = ?, samples = ? WHERE seq = ?")
                        .update(array.numbers(), array.texts(), array.toJson(), pass.seq());
            }
            insert(time, pass.session(), layout, pass.level(), rest);
        }
        return count;
    }

    /** The ids of the series that have a sample at a time, in the passes that count by their numbers. */
    public Set<Integer> seriesAt(long time, LongPredicate counts) throws SQLException {
        Set<Integer> series = new HashSet<>();
        String rows = "SELECT seq, layout, samples FROM pass WHERE time_ms = ?";
        Sql.each(database.sql(rows).query(time), row -> {
            if (counts.test(row.getLong(1))) {
                Layout layout = layouts.get(row.getInt(2));
                array.read(row.getBytes(3), layout.size(), row.getLong(1));
                for (int column = 0; column < layout.size(); column++) {
                    if (array.has(column)) {
                        series.add(layout.series()[column]);
                    }
                }
            }
        });
        return series;
    }

    /** Visits passes in the order of time; returns the time of the one that was not taken, or {@code until}. */
    public long byTime(long from, long until, Visitor visitor) throws SQLException {
        return visit(
                database.sql(ROWS + " WHERE time_ms >= ? AND time_ms < ? ORDER BY time_ms")
                        .query(from, until),
                until,
                visitor);
    }

    /** Visits passes from {@code first} to {@code last}, both included, in the order of arrival. */
    public void bySeq(long first, long last, Visitor visitor) throws SQLException {
        visit(database.sql(ROWS + " WHERE seq BETWEEN ? AND ?").query(first, last), Millis.END, visitor);
    }

    private static long visit(ResultSet rows, long end, Visitor visitor) throws SQLException {
        try (rows) {
            while (rows.next()) {
                PassRow pass = PassRow.read(rows);
                if (!visitor.visit(pass)) {
                    return pass.time();
                }
            }
            return end;
        }
    }

    /** The first passes in a stretch of time: so many samples, and the rest of the last instant. */
    public Page page(long from, long until, int samples) throws SQLException {
        List<PassRow> page = new ArrayList<>();
        int[] size = {0};
        long end = byTime(from, until, pass -> {
            if (size[0] >= samples && pass.time() != page.get(page.size() - 1).time()) {
                return false;
            }
            size[0] += pass.size();
            return page.add(pass);
        });
        return new Page(page, end);
    }

    /** The last pass that came before this one and is still there; 0 if there is none. */
    public long before(long seq) throws SQLException {
        return database.sql("SELECT coalesce(max(seq), 0) FROM pass WHERE seq < ?")
                .number(seq);
    }

    /** Time of the newest pass; 0 if there is none. */
    public long newest() throws SQLException {
        return database.sql("SELECT coalesce(max(time_ms), 0) FROM pass").number();
    }

    /** Time of the oldest pass; after any pass if there is none. */
    public long oldest() throws SQLException {
        return database.sql("SELECT coalesce(min(time_ms), ?) FROM pass").number(Millis.END);
    }

    /** Number of the first pass that is there; that of the next one if there is none. */
    public long oldestSeq() throws SQLException {
        return database.sql("SELECT coalesce(min(seq), ?) FROM pass").number(nextSeq);
    }

    public void remove(long seq) throws SQLException {
        database.sql("DELETE FROM pass WHERE seq = ?").update(seq);
    }

    /** Adds a step to the times of the passes of a session that are pending, or of texts, in a stretch of time. */
    public void moveSession(long session, long from, long until, long step) throws SQLException {
        database.sql("UPDATE pass AS p SET time_ms = time_ms + ? WHERE p.time_ms >= ? AND p.time_ms < ?"
                        + " AND p.session = ? AND (p.numbers = 0 OR NOT " + Schema.DELIVERED + ")")
                .update(step, from, until, session);
    }
}
