package io.tidewatch.store.sqlite.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is prepared when it is first needed, and again after a failure. The driver closes a prepared statement
 * for good after any error but BUSY, LOCKED, CONSTRAINT and MISUSE; a statement that is prepared only once would end with
 * the first failure of the disk.
 */
public final class PreparedSql {
    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private final StoreConnection connection;
    private final String sql;
    private @Nullable PreparedStatement statement;

    PreparedSql(StoreConnection connection, String sql) {
        this.connection = connection;
        this.sql = sql;
    }

    /** Runs a statement that changes rows; returns how many. */
    public int update(@Nullable Object... parameters) throws SQLException {
        return run(PreparedStatement::executeUpdate, parameters);
    }

    /** Runs a query. Its result is valid until the next run. */
    public ResultSet query(@Nullable Object... parameters) throws SQLException {
        return run(PreparedStatement::executeQuery, parameters);
    }

    /** Runs a query for one number; 0 if it finds none. */
    public long number(@Nullable Object... parameters) throws SQLException {
        try (ResultSet result = query(parameters)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Runs a statement that returns nothing, such as BEGIN. */
    void execute() throws SQLException {
        run(PreparedStatement::execute);
    }

    private <T> T run(Execution<T> execution, @Nullable Object... parameters) throws SQLException {
        if (statement == null) {
            statement = connection.get().prepareStatement(sql);
        }
        PreparedStatement prepared = statement;
        for (int i = 0; i < parameters.length; i++) {
            prepared.setObject(i + 1, parameters[i]);
        }
        try {
            return execution.of(prepared);
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
}
