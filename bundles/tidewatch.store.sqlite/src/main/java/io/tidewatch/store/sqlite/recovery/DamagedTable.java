package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a damaged table in the order of a whole number that its key begins with, and goes around what cannot be read.
 *
 * <p>A query that reaches a damaged page fails. The walk then jumps ahead, further each time, until a query works again,
 * and narrows the jump down to the first readable key.
 */
public final class DamagedTable {
    /** Takes the rows that can be read. */
    public interface Rows {
        void take(ResultSet row) throws SQLException, IOException;
    }

    /**
     * Keys of which rows may be missing.
     *
     * @param from the first one
     * @param to the last one; {@link #END} if nothing can be read behind them
     */
    public record Gap(long from, long to) {}

    /** After any key. */
    public static final long END = Long.MAX_VALUE / 2;

    /** Before any key. */
    public static final long BEGINNING = Long.MIN_VALUE / 2;

    private final Connection source;
    private final String select;
    private final String order;

    /**
     * @param table the table, as in a FROM clause
     * @param columns what is read, the key first
     */
    public DamagedTable(Connection source, String table, List<String> columns) {
        this.source = source;
        select = "SELECT " + String.join(", ", columns) + " FROM " + table + " WHERE " + columns.get(0) + " >= ";
        order = " ORDER BY " + columns.get(0);
    }

    /** The names of the columns of a table, in lower case; empty if there is no such table. */
    public static List<String> columns(Connection source, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        Sql.each(
                source,
                "SELECT lower(name) FROM pragma_table_info('" + table + "')",
                row -> columns.add(row.getString(1)));
        return columns;
    }

    /**
     * Hands over all rows that can be read; some of them twice where a page has the content of another one.
     *
     * @return what could not be read, in order
     * @throws SQLException if the source fails by anything else than damage, or the taker by anything; it is no damage
     */
    public List<Gap> read(Rows rows) throws SQLException, IOException {
        List<Gap> gaps = new ArrayList<>();
        long from = BEGINNING;
        long triedTwice = END;
        while (from < END) {
            long last = readFrom(from, rows);
            if (last == END || last != triedTwice) {
                // The medium may have failed for a moment: once more from the last key on.
                triedTwice = last;
                from = last;
            } else {
                from = afterDamage(last);
                gaps.add(new Gap(last, from < END ? from - 1 : END));
            }
        }
        return gaps;
    }

    /** Reads until the end or damage; returns the last key that was read, {@link #END} if that is all. */
    private long readFrom(long from, Rows rows) throws SQLException, IOException {
        long last = from;
        try (Statement scan = source.createStatement();
                ResultSet row = scan.executeQuery(from(from))) {
            while (row.next()) {
                // A page with the content of another one has lower keys: to go on from there would never end.
                last = Math.max(last, row.getLong(1));
                take(rows, row);
            }
            return END;
        } catch (SQLException e) {
            requireDamage(e);
            return last;
        }
    }

    private static void take(Rows rows, ResultSet row) throws SQLException, IOException {
        try {
            rows.take(row);
        } catch (SQLException e) {
            throw Failures.ofTheCopy(e);
        }
    }

    /** The first key after this one from which rows can be read. */
    private long afterDamage(long last) throws SQLException {
        long bad = last;
        long good = END;
        for (long step = 1; good == END && bad < END - step; step *= 2) {
            if (isReadable(bad + step)) {
                good = bad + step;
            } else {
                bad += step;
            }
        }
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            if (isReadable(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    private boolean isReadable(long from) throws SQLException {
        try (Statement scan = source.createStatement();
                ResultSet row = scan.executeQuery(from(from))) {
            // Its first row is enough: a failure further on is met there.
            return row.next();
        } catch (SQLException e) {
            requireDamage(e);
            return false;
        }
    }

    /** A statement of its own for each query: the driver lets none be used again that has failed. */
    private String from(long from) {
        return select + from + order;
    }

    private static void requireDamage(SQLException e) throws SQLException {
        if (!Failures.isDamage(e)) {
            throw e;
        }
    }
}
