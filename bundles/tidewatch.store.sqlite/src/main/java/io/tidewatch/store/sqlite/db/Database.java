package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

/**
 * The connection to the database file: opened with the schema checked, transactions by statements, statements that are
 * prepared again after a failure.
 *
 * <p>This class never opens the database file itself while SQLite has it open: POSIX drops all locks that a process
 * holds on a file when it closes <em>any</em> descriptor of that file (https://sqlite.org/howtocorrupt.html, 2.2).
 */
public final class Database implements AutoCloseable {
    /** The pages of the file and its log: how many, how many of them hold nothing, and the bytes of one. */
    public record Pages(long count, long unused, long size) {
        public long bytes() {
            return count * size;
        }

        public long freeBytes() {
            return unused * size;
        }

        public long usedBytes() {
            return (count - unused) * size;
        }
    }

    /**
     * What a checkpoint did.
     *
     * @param truncated whether the log is empty now; its file is kept, up to a size
     * @param complete whether all of the log is in the database file, forced to the medium
     */
    public record Checkpoint(boolean truncated, boolean complete) {}

    public static final int PAGE_SIZE = 512;

    private static final int CHECKPOINT_MILLIS = 50;
    private static final int LOG_HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private final Path file;
    private final StoreConnection connection;
    private final Map<String, PreparedSql> statements = new LinkedHashMap<>();
    private final List<Integer> schemaVersions;

    /** A transaction that failed could not be ended. */
    private boolean unended;

    private Database(Path file, StoreConnection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        schemaVersions = Schema.versions(connection.get());
    }

    /**
     * Opens a file of this version, creating it if it is absent or empty.
     *
     * @throws StoreException if the file is not a database of this store; it is left as it is
     */
    public static Database open(Path file, long now, Platform platform)
            throws StoreException, SQLException, IOException {
        boolean create = versionOf(file, platform) == 0;
        Connection connection = platform.connector().connect(file, false);
        try {
            if (create) {
                // Only an empty file takes these: small pages, since every commit writes whole ones (see
                // docs/benchmarks.md), and the possibility to give freed pages back later.
                Sql.execute(connection, "PRAGMA page_size=" + PAGE_SIZE, "PRAGMA auto_vacuum=INCREMENTAL");
            }
            Connections.configure(file, connection, false);
            if (create) {
                Schema.create(connection, now);
            }
            Database database = new Database(file, new StoreConnection(file, connection, platform.connector()));
            if (create) {
                database.checkpoint(true);
                DatabaseFiles.syncFolder(file);
            }
            return database;
        } catch (Throwable e) {
            connection.close();
            throw e;
        }
    }

    /** The statement with this text, which is prepared when it is first run. */
    public PreparedSql sql(String text) {
        return statements.computeIfAbsent(text, sql -> new PreparedSql(connection, sql));
    }

    /** Starts a transaction that writes; waits for a writer of another process for 5 seconds. */
    public void begin() throws SQLException {
        if (unended) {
            rollback();
        }
        sql("BEGIN IMMEDIATE").execute();
    }

    public void commit() throws SQLException {
        sql("COMMIT").execute();
    }

    /**
     * Ends a failed transaction; harmless if there is none, since SQLite has ended it or it never began. If that fails, it
     * is tried again before the next one.
     */
    public void rollback() {
        unended = false;
        try {
            sql("ROLLBACK").execute();
        } catch (SQLException | RuntimeException | Error e) {
            // "cannot rollback - no transaction is active" has this code.
            int noTransaction = SQLiteErrorCode.SQLITE_ERROR.code;
            unended = !(e instanceof SQLException sql) || Failures.primaryCode(sql) != noTransaction;
        }
    }

    /**
     * Copies the write-ahead log into the database and empties it, as far as readers of other processes let it. Waits a
     * moment for them and no longer: they may read for hours, and the caller holds the writer lock.
     *
     * <p>The file of the log stays, up to {@code journal_size_limit}, and is written over: one that grows costs 12 to 20 KB of
     * the file system's metadata at each sync (docs/benchmarks.md).
     *
     * @param truncate whether the file of the log is truncated too, since its room is needed
     */
    public Checkpoint checkpoint(boolean truncate) throws SQLException {
        SQLiteConnection present = connection.get().unwrap(SQLiteConnection.class);
        present.setBusyTimeout(CHECKPOINT_MILLIS);
        try (ResultSet result = sql(truncate ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(RESTART)")
                .query()) {
            if (!result.next()) {
                return new Checkpoint(false, false);
            }
            boolean truncated = result.getInt(1) == 0;
            return new Checkpoint(truncated, truncated || result.getLong(2) == result.getLong(3));
        } finally {
            present.setBusyTimeout(Connections.BUSY_MILLIS);
        }
    }

    /** Bytes of the log that are not in the database yet. */
    public long logBytes() throws SQLException {
        try (ResultSet result = sql("PRAGMA wal_checkpoint(NOOP)").query()) {
            long frames = result.next() ? result.getLong(2) : 0;
            return frames <= result.getLong(3)
                    ? 0
                    : LOG_HEADER + frames * (sql("PRAGMA page_size").number() + FRAME_HEADER);
        }
    }

    /** The pages as of the last commit, or of the open transaction. */
    public Pages pages() throws SQLException {
        return new Pages(
                sql("PRAGMA page_count").number(),
                sql("PRAGMA freelist_count").number(),
                sql("PRAGMA page_size").number());
    }

    /**
     * Takes up to that many unused pages off the end of the file, in the caller's transaction; the file shrinks at the next
     * checkpoint. A file that was made without {@code auto_vacuum} keeps its pages.
     *
     * @return how many pages went
     */
    public long vacuum(int pages) throws SQLException {
        long before = pages().count();
        try (Statement statement = connection.get().createStatement()) {
            // By the driver's update, which steps to the end: each step gives back one page.
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
        }
        return before - pages().count();
    }

    /** Versions of the tables that the file went through, the newest first. */
    public List<Integer> schemaVersions() {
        return schemaVersions;
    }

    /** Changes the file a little: a number in its header that means nothing. */
    public void probe() throws SQLException {
        Connections.write(connection.get());
    }

    /** Writes all that is committed into a new file, which does not exist yet. */
    public void copyInto(Path copy) throws SQLException {
        sql("VACUUM INTO ?").update(copy.toString());
    }

    public Path file() {
        return file;
    }

    /** The index of the write-ahead log, on which readers hold locks. */
    public Path index() {
        return DatabaseFiles.beside(file, "-shm");
    }

    /** The write-ahead log; absent after a clean end. */
    public Path wal() {
        return DatabaseFiles.beside(file, "-wal");
    }

    /** The texts of the statements that were run, for a look at their query plans. */
    public Set<String> statementTexts() {
        return statements.keySet();
    }

    public Connection connection() throws SQLException {
        return connection.get();
    }

    public boolean isExclusive() {
        return connection.isExclusive();
    }

    /**
     * Locks the file for this process, or opens it to other programs; not within a transaction. The next statement retries.
     *
     * @return whether the file is locked now; false also while another program has it open
     */
    public boolean exclusive(boolean wanted) throws SQLException {
        if (isExclusive() != wanted) {
            statements.values().forEach(PreparedSql::discard);
            connection.exclusive(wanted);
        }
        return isExclusive();
    }

    @Override
    public void close() {
        statements.values().forEach(PreparedSql::discard);
        connection.close();
    }

    /** Looks at the file without changing it: the version of its tables, 0 if it is to be created. */
    public static int versionOf(Path file, Platform platform) throws StoreException, SQLException, IOException {
        if (Files.notExists(file) || Files.size(file) == 0) {
            return 0;
        }
        try (Connection connection = platform.connector().connect(file, true)) {
            return Schema.versionOf(file, connection);
        }
    }
}
