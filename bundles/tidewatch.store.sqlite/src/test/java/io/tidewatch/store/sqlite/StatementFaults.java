package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.Connections;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Connections whose n-th statement fails, as the driver lets statements fail: after any error but BUSY, LOCKED, CONSTRAINT
 * and MISUSE it has closed the prepared statement, and a BEGIN or COMMIT by its auto-commit mode changes that mode before
 * it fails. A point where a fault can happen is each preparation, each execution, and the second step of each result.
 *
 * <p>For one thread at a time.
 */
final class StatementFaults implements Faults {
    /** How a statement fails. */
    enum Kind {
        IOERR(SQLiteErrorCode.SQLITE_IOERR_WRITE),
        IOERR_READ(SQLiteErrorCode.SQLITE_IOERR_READ),
        FULL(SQLiteErrorCode.SQLITE_FULL),
        BUSY(SQLiteErrorCode.SQLITE_BUSY),
        CORRUPT(SQLiteErrorCode.SQLITE_CORRUPT),
        NOMEM(SQLiteErrorCode.SQLITE_NOMEM),
        INTERRUPT(SQLiteErrorCode.SQLITE_INTERRUPT),
        /** No failure of SQLite: the heap is full. */
        HEAP(null);

        private final @Nullable SQLiteErrorCode code;

        Kind(@Nullable SQLiteErrorCode code) {
            this.code = code;
        }
    }

    /** After these the driver leaves a prepared statement open. */
    private static final Set<Kind> LEAVE_STATEMENTS = Set.of(Kind.BUSY);

    /** SQLite may end the transaction by itself after these (https://sqlite.org/lang_transaction.html). */
    private static final Set<Kind> MAY_ROLL_BACK =
            Set.of(Kind.IOERR, Kind.IOERR_READ, Kind.FULL, Kind.NOMEM, Kind.INTERRUPT);

    private final LongSupplier nanoTime;
    private long points;
    private long failAt = Long.MAX_VALUE;
    private Kind kind = Kind.IOERR;
    private long nanos;
    private long failUntil;
    private @Nullable String hit;
    private boolean over;
    private @Nullable String failingSql;

    StatementFaults(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Makes a point fail, and all others for some time after it.
     *
     * @param point counted from 0
     * @param nanos for how long; 0: only once
     */
    void arm(long point, Kind kind, long nanos) {
        failAt = point;
        this.kind = kind;
        this.nanos = nanos;
    }

    @Override
    public void begin() {
        // Points are counted from the first connection on.
    }

    @Override
    public void pause(boolean paused) {
        // Looks are by connections of their own.
    }

    @Override
    public void step() {
        // Each point looks at the time by itself.
    }

    @Override
    public void over() {
        over = true;
    }

    /** Makes the next execution of a statement fail, once. */
    void arm(String sql, Kind kind) {
        failingSql = sql;
        this.kind = kind;
        this.nanos = 0;
    }

    /** How many points there were. */
    long points() {
        return points;
    }

    /** What failed first; null if nothing did. */
    @Nullable
    String hit() {
        return hit;
    }

    @Override
    public boolean isFailing() {
        return hit != null && nanoTime.getAsLong() - failUntil < 0;
    }

    @Override
    public Connection connect(Path file, boolean readOnly) throws SQLException {
        meet("connect to " + file.getFileName(), null, null);
        Connection real = Connections.open(file, readOnly);
        return proxy(Connection.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "prepareStatement" -> {
                    String sql = String.valueOf(arguments[0]);
                    meet("prepare " + sql, real, null);
                    PreparedStatement statement = real.prepareStatement(sql);
                    return statement(PreparedStatement.class, statement, real, sql);
                }
                case "createStatement" -> {
                    return statement(Statement.class, real.createStatement(), real, null);
                }
                case "setAutoCommit" -> {
                    return setAutoCommit(real, (Boolean) arguments[0]);
                }
                case "unwrap" -> {
                    return real;
                }
                default -> {
                    return call(real, method, arguments);
                }
            }
        });
    }

    private @Nullable Object setAutoCommit(Connection real, boolean on) throws SQLException {
        if (real.getAutoCommit() != on) {
            try {
                meet(on ? "COMMIT" : "BEGIN", real, null);
            } catch (SQLException | Error e) {
                // The driver changes its mode first.
                ((SQLiteConnection) real).getConnectionConfig().setAutoCommit(on);
                throw e;
            }
            real.setAutoCommit(on);
        }
        return null;
    }

    private <S extends Statement> S statement(Class<S> type, S real, Connection connection, @Nullable String prepared) {
        return proxy(type, (self, method, arguments) -> {
            if (method.getName().startsWith("execute")) {
                String sql = prepared == null ? String.valueOf(arguments[0]) : prepared;
                meet(sql, connection, real);
                Object result = call(real, method, arguments);
                return result instanceof ResultSet rows ? rows(rows, sql, connection) : result;
            }
            return call(real, method, arguments);
        });
    }

    private ResultSet rows(ResultSet real, String sql, Connection connection) {
        int[] steps = {0};
        return proxy(ResultSet.class, (self, method, arguments) -> {
            if (method.getName().equals("next") && steps[0]++ == 1) {
                meet("step of " + sql, connection, null);
            }
            return call(real, method, arguments);
        });
    }

    /** A point: fails if it is its turn. */
    private void meet(String what, @Nullable Connection connection, @Nullable Statement statement) throws SQLException {
        long point = over ? points : points++;
        if ((point == failAt && !over) || what.equals(failingSql)) {
            failingSql = null;
            hit = what;
            failUntil = nanoTime.getAsLong() + nanos;
        } else if (!isFailing()) {
            return;
        }
        SQLiteErrorCode code = kind.code;
        if (code == null) {
            throw new OutOfMemoryError("made by a test at: " + what);
        }
        if (statement != null && !LEAVE_STATEMENTS.contains(kind)) {
            statement.close();
        }
        if (connection != null && MAY_ROLL_BACK.contains(kind) && point % 2 == 0) {
            rollBack(connection);
        }
        throw new SQLiteException("[" + code.name() + "] made by a test at: " + what, code);
    }

    private static void rollBack(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // There was no transaction.
        }
    }

    private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(StatementFaults.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
