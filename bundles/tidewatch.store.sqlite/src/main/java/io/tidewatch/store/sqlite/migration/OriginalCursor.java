package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.Failures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the rows of the original agent's table {@code metrics}, of any of its versions, in the order in which they
 * were written. What a version lacks is taken for its default there. Nothing is sorted, so that neither memory nor room for
 * temporary files is needed.
 *
 * <p>Where the file is damaged, the walk goes on after the rows that cannot be read: it jumps ahead, further and further,
 * until a row can.
 */
final class OriginalCursor implements AutoCloseable {
    static final int TIMESTAMP = 2;
    static final int NAME = 3;
    static final int VALUE = 4;
    static final int TEXT = 5;
    static final int DEVICE = 6;
    static final int TAGS = 7;
    static final int PRIORITY = 8;
    static final int UPLOADED = 9;
    static final int IS_TEXT = 10;

    /** Row ids count up from 1; a file with more rows than this would be larger than any disk of such a machine. */
    private static final long LARGEST_ID = 1L << 40;

    private final Connection source;
    private final String sql;
    private @Nullable PreparedStatement query;
    private @Nullable ResultSet row;
    private long id = -1;
    private long jump = 1;
    private boolean triedTwice;
    private @Nullable SQLException damage;

    OriginalCursor(Connection source) throws SQLException {
        this.source = source;
        sql = sql(source);
    }

    /**
     * Steps to the next row that can be read.
     *
     * @return false after the last one
     */
    boolean next() throws SQLException {
        while (id < LARGEST_ID) {
            try {
                ResultSet current = row == null ? rowsAfter(id) : row;
                row = current;
                if (!current.next()) {
                    return false;
                }
                id = current.getLong(1);
                jump = 1;
                triedTwice = false;
                return true;
            } catch (SQLException e) {
                if (!Failures.isDamage(e)) {
                    throw e;
                }
                row = null;
                if (triedTwice) {
                    damage = e;
                    id += jump;
                    jump *= 2;
                }
                triedTwice = true;
            }
        }
        return false;
    }

    /** The row; its columns are the constants of this class. */
    ResultSet row() {
        ResultSet current = row;
        if (current == null) {
            throw new IllegalStateException("The walk is not at a row");
        }
        return current;
    }

    /** What made rows unreadable; null if all could be read. */
    @Nullable
    SQLException damage() {
        return damage;
    }

    @Override
    public void close() throws SQLException {
        if (query != null) {
            query.close();
        }
    }

    /** By a new statement: an error ends the one that it comes from. */
    private ResultSet rowsAfter(long last) throws SQLException {
        close();
        PreparedStatement statement = source.prepareStatement(sql);
        query = statement;
        statement.setLong(1, last);
        return statement.executeQuery();
    }

    private static String sql(Connection source) throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Statement statement = source.createStatement();
                ResultSet column = statement.executeQuery("SELECT name FROM pragma_table_info('metrics')")) {
            while (column.next()) {
                columns.add(column.getString(1).toLowerCase(Locale.ROOT));
            }
        }
        Map<String, String> values = new TreeMap<>();
        for (String column : Set.of("timestamp_ms", "metric_name", "metric_value", "device_id", "tags_json")) {
            values.put(column, columns.contains(column) ? column : "NULL");
        }
        // The original's defaults.
        values.put("uploaded", columns.contains("uploaded") ? "coalesce(uploaded, 0)" : "0");
        values.put("priority", columns.contains("priority") ? "coalesce(priority, 1)" : "1");
        values.put("value_text", columns.contains("value_text") ? "value_text" : "NULL");
        String type = columns.contains("value_type") ? "lower(CAST(value_type AS TEXT))" : "''";
        String isText = values.get("value_text") + " IS NOT NULL AND (" + values.get("metric_value") + " IS NULL OR "
                + type + " IN ('1', 'text', 'string'))";
        return "SELECT rowid, " + values.get("timestamp_ms") + ", " + values.get("metric_name") + ", "
                + values.get("metric_value") + ", " + values.get("value_text") + ", " + values.get("device_id") + ", "
                + values.get("tags_json") + ", " + values.get("priority") + ", " + values.get("uploaded") + ", "
                + isText + " FROM metrics NOT INDEXED WHERE rowid > ? ORDER BY rowid";
    }
}
