package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** The connection of a store, which is replaced when the file is to be locked for this process alone or no longer. */
final class StoreConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);

    private final Path file;
    private final Platform.Connector connector;
    private boolean exclusive;

    /** Why the file could not be opened as wanted, the last time; null if it was. */
    private @Nullable SQLException refusal;

    /** Null from a change that failed until the next use. */
    private @Nullable Connection connection;

    /** @param connection set up to be shared */
    StoreConnection(Path file, Connection connection, Platform.Connector connector) {
        this.file = file;
        this.connection = connection;
        this.connector = connector;
    }

    /** The connection, opened again if the last change failed. */
    Connection get() throws SQLException {
        if (connection == null) {
            connection = opened();
        }
        return connection;
    }

    /** Whether the file is locked for this process alone. */
    boolean isExclusive() {
        return exclusive && connection != null;
    }

    /**
     * Replaces the connection. It stays shared while another program has the file open.
     *
     * @throws SQLException if the file cannot be shared; it is locked as before, if it can be opened at all
     */
    void exclusive(boolean wanted) throws SQLException {
        close();
        exclusive = wanted;
        get();
        if (refusal != null && !wanted) {
            throw refusal;
        }
    }

    @Override
    public void close() {
        Connection closed = connection;
        connection = null;
        try {
            if (closed != null) {
                closed.close();
            }
        } catch (SQLException e) {
            LOG.warn("The database {} was not closed cleanly; nothing committed is lost", file, e);
        }
    }

    private Connection opened() throws SQLException {
        if (Files.notExists(file)) {
            // SQLite would make an empty one.
            throw Failures.damagedContent(file + " was deleted");
        }
        refusal = null;
        try {
            return opened(exclusive);
        } catch (SQLException e) {
            refusal = e;
        }
        // Sharing takes room on the disk for the index of the log, locking that no other program has the file open.
        try {
            Connection other = opened(!exclusive);
            exclusive = !exclusive;
            return other;
        } catch (SQLException e) {
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    private Connection opened(boolean locked) throws SQLException {
        Connection opened = connector.connect(file, false);
        boolean usable = false;
        try {
            Connections.configure(file, opened, locked);
            requireWritable(opened);
            usable = true;
            return opened;
        } catch (StoreException e) {
            throw new SQLException(e.getMessage(), e);
        } finally {
            if (!usable) {
                opened.close();
            }
        }
    }

    /** SQLite opens a file that it cannot open to write, for whatever reason, to read, and leaves it at that. */
    private static void requireWritable(Connection opened) throws SQLException {
        try {
            Connections.write(opened);
        } catch (SQLException e) {
            if (Failures.primaryCode(e) == SQLiteErrorCode.SQLITE_READONLY.code) {
                throw e;
            }
            // Such as a full disk, which still can be read.
            LOG.debug("{} takes no write", opened, e);
        }
    }
}
