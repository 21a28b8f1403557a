package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * The one connection to the database file: opened with the schema checked, every statement prepared once, transactions
 * by hand. Not safe for use by several threads.
 *
 * <p>This class never opens the database file itself while SQLite has it open: POSIX drops all locks that a process
 * holds on a file when it closes <em>any</em> descriptor of that file (https://sqlite.org/howtocorrupt.html, 2.2).
 */
final class Database implements AutoCloseable {
    /**
     * The pages of the file, those that are still in the log included.
     *
     * @param count how many there are
     * @param unused how many of them hold nothing
     * @param size bytes of one
     */
    record Pages(long count, long unused, long size) {
        long bytes() {
            return count * size;
        }

        long freeBytes() {
            return unused * size;
        }

        long usedBytes() {
            return (count - unused) * size;
        }
    }

    /** Bytes of a page. */
    static final int PAGE_SIZE = 512;

    private static final long CACHE_KIB = 256;

    private final Path file;
    private final Path wal;
    private final Connection connection;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final PreparedStatement rollback;
    private final PreparedStatement truncate;
    private final PreparedStatement pageCount;
    private final PreparedStatement unusedPages;
    private final PreparedStatement pageSize;

    private final List<Integer> schemaVersions;

    private Database(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.wal = file.resolveSibling(file.getFileName() + "-wal");
        this.connection = connection;
        rollback = prepare("ROLLBACK");
        truncate = prepare("PRAGMA wal_checkpoint(TRUNCATE)");
        pageCount = prepare("PRAGMA page_count");
        unusedPages = prepare("PRAGMA freelist_count");
        pageSize = prepare("PRAGMA page_size");
        schemaVersions = readVersions(connection);
    }

    /**
     * Opens the file, creating it if it is absent or empty.
     *
     * @param now milliseconds since the epoch
     * @throws StoreException if the file is not a database of this store; it is left as it is
     * @throws SQLException if it cannot be opened
     * @throws IOException if it cannot be read
     */
    static Database open(Path file, long now, Platform platform) throws StoreException, SQLException, IOException {
        int version = versionOf(file, platform);
        if (Schema.isOriginal(version)) {
            new OriginalMigration(file, version, platform).run(now);
            version = Schema.VERSION;
        }
        boolean create = version == 0;
        Connection connection = platform.connector().connect(file, false);
        try {
            try (Statement statement = connection.createStatement()) {
                if (create) {
                    // Only an empty file takes these: small pages, since every commit writes whole ones (see
                    // docs/benchmarks.md), and the possibility to give freed pages back later.
                    statement.execute("PRAGMA page_size=" + PAGE_SIZE);
                    statement.execute("PRAGMA auto_vacuum=INCREMENTAL");
                }
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=NORMAL");
                statement.execute("PRAGMA busy_timeout=5000");
                statement.execute("PRAGMA temp_store=MEMORY");
                statement.execute("PRAGMA foreign_keys=ON");
                statement.execute("PRAGMA cache_size=-" + CACHE_KIB);
                // Checkpoints are the WAL keeper's, at times of its choosing.
                statement.execute("PRAGMA wal_autocheckpoint=0");
                if (create) {
                    Schema.create(statement, now);
                } else if (version < Schema.VERSION) {
                    Schema.upgrade(statement, version, now);
                }
            }
            Database database = new Database(file, connection);
            if (create) {
                database.checkpoint();
                syncFolder(file);
            }
            return database;
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Prepares a statement that is closed with this database. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        texts.add(sql);
        return statement;
    }

    /**
     * Starts a transaction. By the driver's mode, not by a statement of ours: in its autocommit mode the driver follows
     * every insert with a BEGIN and COMMIT of its own, which fail inside a transaction and halve the speed.
     */
    void begin() throws SQLException {
        connection.setAutoCommit(false);
    }

    void commit() throws SQLException {
        connection.setAutoCommit(true);
    }

    /** Ends a failed transaction; harmless if SQLite has ended it already, as it does on some errors. */
    void rollback() {
        try {
            rollback.execute();
        } catch (SQLException e) {
            // "no transaction is active": what was wanted. Anything else returns at the next start of one.
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The driver has changed its mode and sent a COMMIT after it, for which there is no transaction.
        }
    }

    /**
     * Copies the write-ahead log into the database and cuts it to zero.
     *
     * @return false if a reader of another process kept it from being cut
     */
    boolean checkpoint() throws SQLException {
        try (ResultSet result = truncate.executeQuery()) {
            return result.next() && result.getInt(1) == 0;
        }
    }

    /** The pages as of the last commit, or of the transaction that is under way. */
    Pages pages() throws SQLException {
        return new Pages(number(pageCount), number(unusedPages), number(pageSize));
    }

    /**
     * Takes up to that many unused pages off the end of the file, in the caller's transaction; the file shrinks at the next
     * checkpoint. A file that was made without {@code auto_vacuum} keeps its pages.
     *
     * @return how many pages went
     */
    long vacuum(int pages) throws SQLException {
        long before = number(pageCount);
        try (Statement statement = connection.createStatement()) {
            // By the driver's update, which steps to the end: each step gives back one page.
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
        }
        return before - number(pageCount);
    }

    /** The versions of its tables that the file went through, the newest first. */
    List<Integer> schemaVersions() {
        return schemaVersions;
    }

    /** Changes the file a little: a number in its header that means nothing. */
    void probe() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int number;
            try (ResultSet version = statement.executeQuery("PRAGMA user_version")) {
                number = version.next() ? version.getInt(1) : 0;
            }
            statement.execute("PRAGMA user_version=" + (number + 1));
        }
    }

    /** Writes all that is committed into a new file, which does not exist yet. No statement can be used afterwards. */
    void copyInto(Path copy) throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
        try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        }
    }

    Path file() {
        return file;
    }

    /** The write-ahead log; absent after a clean end. */
    Path wal() {
        return wal;
    }

    /** The texts of all statements, for a look at their query plans. */
    List<String> statementTexts() {
        return List.copyOf(texts);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
        connection.close();
    }

    private static long number(PreparedStatement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Looks at the file without changing it: the version of its tables, 0 if it is to be created. */
    private static int versionOf(Path file, Platform platform) throws StoreException, SQLException, IOException {
        if (Files.notExists(file) || Files.size(file) == 0) {
            return 0;
        }
        try (Connection connection = platform.connector().connect(file, true);
                Statement statement = connection.createStatement()) {
            return Schema.versionOf(file, statement);
        }
    }

    private static List<Integer> readVersions(Connection connection) throws SQLException {
        List<Integer> versions = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet version =
                        statement.executeQuery("SELECT version FROM schema_version ORDER BY version DESC")) {
            while (version.next()) {
                versions.add(version.getInt(1));
            }
        }
        return List.copyOf(versions);
    }

    /** Opens a connection; the caller closes it. */
    static Connection connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        // A crash while the file was created leaves a journal, which has to be undone before anything can be read.
        config.setReadOnly(readOnly && Files.notExists(file.resolveSibling(file.getFileName() + "-journal")));
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        // Else the driver prepares and runs a query for the last row id after every insert, which takes half the time.
        config.setGetGeneratedKeys(false);
        Connection connection = new JDBC().connect("jdbc:sqlite:" + file, config.toProperties());
        if (connection == null) {
            throw new SQLException("The SQLite driver does not take the path " + file);
        }
        return connection;
    }

    /** Makes the names of new files durable; without this a power cut may lose a file whose content was synced. */
    static void syncFolder(Path file) throws IOException {
        try (FileChannel folder =
                FileChannel.open(file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
