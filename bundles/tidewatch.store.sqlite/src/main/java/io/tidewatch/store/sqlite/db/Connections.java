package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/** Opens connections to database files, and sets them up. */
public final class Connections {
    /** How long a statement waits for a writer of another process. */
    public static final int BUSY_MILLIS = 5000;

    /** How long a connection that wants the file for itself waits for the others, while its store waits for it. */
    private static final int EXCLUSIVE_MILLIS = 50;

    /** How much of the file of an empty log is kept: about what the log of an hour takes. */
    private static final int KEPT_LOG_BYTES = 1 << 20;

    private static final int CACHE_KIB = 256;

    private Connections() {}

    /** Opens a connection; the caller closes it. */
    public static Connection open(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // A crash while the file was created leaves a journal, which has to be undone before anything can be read.
        config.setReadOnly(readOnly && Files.notExists(DatabaseFiles.beside(file, "-journal")));
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        // Otherwise the driver runs a query for the last row id after every insert, which takes half the time.
        config.setGetGeneratedKeys(false);
        SQLiteConnection connection = JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
        // Transactions are begun and ended by statements of ours. In its auto-commit mode the driver would follow every
        // statement with a BEGIN and COMMIT of its own, and end a transaction of which it does not know by a COMMIT.
        connection.getConnectionConfig().setAutoCommit(false);
        return connection;
    }

    /**
     * Sets up the connection of a store, which writes.
     *
     * @param exclusive whether the file is locked for this connection alone, which keeps the index of the log on the heap
     *     instead of in a file beside it (https://sqlite.org/wal.html#use_of_wal_without_shared_memory)
     */
    public static void configure(Path file, Connection connection, boolean exclusive)
            throws SQLException, StoreException {
        Sql.execute(
                connection,
                // Before the first read, after which it does not change.
                "PRAGMA locking_mode=" + (exclusive ? "EXCLUSIVE" : "NORMAL"),
                "PRAGMA synchronous=NORMAL",
                "PRAGMA busy_timeout=" + (exclusive ? EXCLUSIVE_MILLIS : BUSY_MILLIS),
                "PRAGMA temp_store=MEMORY",
                "PRAGMA foreign_keys=ON",
                "PRAGMA cache_size=-" + CACHE_KIB,
                // Checkpoints are made by WriteAheadLog, at times of its choosing.
                "PRAGMA wal_autocheckpoint=0",
                "PRAGMA journal_size_limit=" + KEPT_LOG_BYTES);
        String mode = Sql.text(connection, "PRAGMA journal_mode=WAL");
        if (!mode.equalsIgnoreCase("wal")) {
            String message = "SQLite cannot use a write-ahead log there (journal_mode stays " + mode
                    + "): the file system of " + file + " has no shared memory, as network and FUSE file systems;"
                    + " configure a path on another one";
            throw new StoreException(message, new IOException("journal_mode is " + mode));
        }
    }

    /** Changes the file a little: a number in its header that means nothing. */
    static void write(Connection connection) throws SQLException {
        Sql.execute(connection, "PRAGMA user_version=" + (Sql.number(connection, "PRAGMA user_version") + 1));
    }
}
