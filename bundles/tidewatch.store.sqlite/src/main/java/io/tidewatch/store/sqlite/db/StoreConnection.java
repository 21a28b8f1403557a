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

/**
 * The connection of a store, which is replaced when the file is to be locked for this process alone or no longer. Not safe
 * for use by several threads.
 */
final class StoreConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);

    private final Path file;
    private final Platform.Connector connector;
    private boolean exclusive;

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
        Connection present = connection;
        if (present == null) {
            present = opened();
            connection = present;
        }
        return present;
    }

    /** Whether the file is locked for this process alone. */
    boolean isExclusive() {
        return exclusive && connection != null;
    }

    /** Replaces the connection; it is shared, whatever is wanted, while another program has the file open. */
    void exclusive(boolean wanted) throws SQLException {
        close();
        exclusive = wanted;
        get();
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
        try {
            return opened(exclusive);
        } catch (SQLException e) {
            if (!exclusive || Failures.primaryCode(e) != SQLiteErrorCode.SQLITE_BUSY.code) {
                throw e;
            }
            exclusive = false;
            return opened(false);
        }
    }

    private Connection opened(boolean locked) throws SQLException {
        Connection opened = connector.connect(file, false);
        boolean usable = false;
        try {
            Connections.configure(file, opened, locked);
            // SQLite opens a file that it cannot open to write, for whatever reason, to read.
            Connections.write(opened);
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
}
