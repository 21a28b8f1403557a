package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.DatabaseFiles;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.readers.ReaderSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/**
 * A database file that is only read, whether a store has it open or not, by the request of {@link ReaderSocket} if it has
 * locked it: no row is written, no lock is held from one
 * query to the next, and no table is created or brought to another version.
 *
 * <p>A file that no process has open and that has no log left is read unlocked (SQLite's {@code immutable}),
 * which leaves no file beside it and works on a medium that cannot be written. An agent that starts during a query is
 * detected after it, and the query is repeated in the ordinary way.
 */
public final class ReadOnlyDatabase implements AutoCloseable {
    /** What is asked. It may be asked twice: it changes nothing before it returns. */
    public interface Query<T> {
        T run(Connection connection) throws SQLException, IOException;
    }

    /** Small: a page of samples is read once. */
    private static final int CACHE_KIB = 256;

    private static final int MOST_TRIES = 5;

    private final Path file;
    private final Path wal;
    private final Path index;
    private @Nullable ReaderSocket request;
    private @Nullable Connection connection;
    private @Nullable FileState still;

    private record FileState(long size, long modifiedNanos) {}

    private ReadOnlyDatabase(Path file) {
        this.file = file.toAbsolutePath();
        wal = DatabaseFiles.beside(this.file, "-wal");
        index = DatabaseFiles.beside(this.file, "-shm");
    }

    /**
     * Opens a file of a store.
     *
     * @throws StoreException if there is none, it is another program's or of another version, or it cannot be read; it is
     *     left as it is
     */
    public static ReadOnlyDatabase open(Path file) throws StoreException {
        requireFile(file.toAbsolutePath());
        ReadOnlyDatabase database = new ReadOnlyDatabase(file);
        try {
            database.request = ReaderSocket.connect(file);
            database.requireOurs(database.read(ReadOnlyDatabase::versionOf));
            return database;
        } catch (StoreException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static void requireFile(Path file) throws StoreException {
        try {
            if (Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                if (!Files.isReadable(file)) {
                    throw new StoreException(denied(file));
                }
                return;
            }
        } catch (IOException e) {
            if (FileFailure.isPermission(e)) {
                throw new StoreException(denied(file), e);
            }
        }
        throw new StoreException(
                "There is no database " + file + "; name the file metrics.db of an agent's state folder");
    }

    private static String denied(Path file) {
        return "permission denied: " + file + "; run the command with sudo, or as the user of the agent";
    }

    /** Asks a short query; what it returns is what one state of the database answered to each of its statements. */
    public <T> T read(Query<T> query) throws StoreException {
        for (int attempt = 1; ; attempt++) {
            try {
                T result = query.run(connection());
                if (isStillTheSame()) {
                    return result;
                }
            } catch (SQLException | IOException e) {
                if (attempt == MOST_TRIES || isStillTheSame()) {
                    throw failure(e);
                }
            }
            if (attempt == MOST_TRIES) {
                throw new StoreException(file + " changes all the time; try again");
            }
            disconnect();
        }
    }

    @Override
    public void close() {
        disconnect();
        if (request != null) {
            request.close();
        }
    }

    private void disconnect() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // Nothing was written: only a descriptor remains, which the driver frees with the object.
        }
        connection = null;
    }

    private Connection connection() throws SQLException, IOException {
        if (connection == null) {
            boolean alone = Files.notExists(index) && (Files.notExists(wal) || Files.size(wal) == 0);
            still = alone ? stateOf(file) : null;
            connection = connect(alone);
        }
        return connection;
    }

    private Connection connect(boolean alone) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setCacheSize(-CACHE_KIB);
        config.setBusyTimeout(5000);
        return JDBC.createConnection(
                "jdbc:sqlite:file:" + file.toUri().getRawPath() + (alone ? "?immutable=1" : ""), config.toProperties());
    }

    private boolean isStillTheSame() {
        if (still == null) {
            return true;
        }
        try {
            return Files.notExists(index) && still.equals(stateOf(file));
        } catch (IOException e) {
            return false;
        }
    }

    private static FileState stateOf(Path file) throws IOException {
        return new FileState(Files.size(file), Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
    }

    /** The version of the tables; 0 if the file is not ours, negative if it is the original agent's. */
    private static long versionOf(Connection connection) throws SQLException {
        if (!Schema.has(connection, "schema_version")) {
            return 0;
        }
        if (Sql.number(connection, "PRAGMA application_id") == Schema.APPLICATION_ID) {
            return Sql.number(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        }
        return Schema.has(connection, "metrics") ? -1 : 0;
    }

    private void requireOurs(long version) throws StoreException {
        if (version == 0) {
            throw new StoreException(file + " is a database of another program; name the metrics.db of an agent");
        }
        if (version < 0) {
            throw new StoreException(file + " is a database of the original agent; start this agent on it once, which"
                    + " takes its samples over, and read it then");
        }
        if (version < Schema.VERSION) {
            throw new StoreException(file + " is a database of an earlier version of this agent (schema " + version
                    + "); start this agent on it once, which takes its samples over, and read it then");
        }
        if (version > Schema.VERSION) {
            throw new StoreException(file + " has schema " + version + ", this version knows no later one than "
                    + Schema.VERSION + "; use the version of the agent that wrote it");
        }
    }

    private StoreException failure(Exception e) {
        String advice = "Check that this user may read the file";
        if (e instanceof SQLException sql) {
            int code = sql.getErrorCode() & 0xff;
            if (code == SQLiteErrorCode.SQLITE_NOTADB.code) {
                advice = "It is no SQLite database; name the metrics.db of an agent";
            } else if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
                advice = "The file is damaged; an agent that starts on it saves what can be read";
            } else if (Files.exists(wal)
                    && (code == SQLiteErrorCode.SQLITE_CANTOPEN.code || code == SQLiteErrorCode.SQLITE_READONLY.code)) {
                advice =
                        "It has a log, " + wal + ", which cannot be read without writing its index beside it; copy both"
                                + " files to a folder that this user may write, or read them as the user of the agent";
            }
        }
        return new StoreException("Reading " + file + " failed: " + FileFailure.reason(e) + ". " + advice, e);
    }
}
