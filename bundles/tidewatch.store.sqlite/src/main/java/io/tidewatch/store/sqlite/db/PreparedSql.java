package io.tidewatch.store.sqlite.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is prepared when it is first needed, and again after a failure. The driver closes a prepared statement
 * for good after any error but BUSY, LOCKED, CONSTRAINT and MISUSE; a statement that is prepared only once would end with
 * the first failure of the disk. Not safe for use by several threads.
 */
public final class PreparedSql {
    /** Where statements are prepared. */
    interface Source {
        /** The connection of now. */
        Connection connection() throws SQLException;
    }

    private final Source source;
    private final String sql;
    private @Nullable PreparedStatement statement;

    PreparedSql(Source source, String sql) {
        this.source = source;
        this.sql = sql;
    }

    /** The text of the statement. */
    public String sql() {
        return sql;
    }

    public void setLong(int parameter, long value) throws SQLException {
        prepared().setLong(parameter, value);
    }

    public void setInt(int parameter, int value) throws SQLException {
        prepared().setInt(parameter, value);
    }

    public void setDouble(int parameter, double value) throws SQLException {
        prepared().setDouble(parameter, value);
    }

    public void setString(int parameter, @Nullable String value) throws SQLException {
        prepared().setString(parameter, value);
    }

    public void setBytes(int parameter, byte[] value) throws SQLException {
        prepared().setBytes(parameter, value);
    }

    public void setObject(int parameter, @Nullable Object value) throws SQLException {
        prepared().setObject(parameter, value);
    }

    /** Runs a statement that changes rows; returns how many. */
    public int executeUpdate() throws SQLException {
        try {
            return prepared().executeUpdate();
        } catch (SQLException e) {
            discard();
            throw e;
        }
    }

    /** Runs a query. Its result is valid until the next run. */
    public ResultSet executeQuery() throws SQLException {
        try {
            return prepared().executeQuery();
        } catch (SQLException e) {
            discard();
            throw e;
        }
    }

    /** Runs a statement without parameters that returns nothing, such as BEGIN. */
    public void execute() throws SQLException {
        try {
            prepared().execute();
        } catch (SQLException e) {
            discard();
            throw e;
        }
    }

    /** Closes the statement; the next use prepares it again. */
    public void discard() {
        PreparedStatement old = statement;
        statement = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                // The driver reports the error of the last run again; what the statement held is freed.
                return;
            }
        }
    }

    private PreparedStatement prepared() throws SQLException {
        PreparedStatement present = statement;
        if (present == null) {
            present = source.connection().prepareStatement(sql);
            statement = present;
        }
        return present;
    }
}
