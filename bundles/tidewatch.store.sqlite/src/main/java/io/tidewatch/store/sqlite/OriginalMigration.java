package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Takes a database of the original agent over: copies it into a new file beside it, which then takes its place by a
 * rename. Until then nothing is changed; whatever interrupts this, the old file is whole and the next start begins again.
 *
 * <p>A copy and not a change in place, since the size of pages and the way freed ones are given back are fixed when a file
 * is made, and because it is small: the original's rows take some ten times the room of ours.
 */
final class OriginalMigration {
    /** What a test interrupts. */
    interface Step {
        void done() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(OriginalMigration.class);

    private final Path file;
    private final Path copy;
    private final int version;
    private final int rowsPerStep;
    private final Step step;

    /**
     * @param file a database of the original agent
     * @param version its version, 1 to 5
     */
    OriginalMigration(Path file, int version) {
        this(file, version, 20_000, () -> {});
    }

    /**
     * @param rowsPerStep rows that are committed together
     * @param step told after each of them, and after whatever else makes a difference to the disk
     */
    OriginalMigration(Path file, int version, int rowsPerStep, Step step) {
        this.file = file;
        this.copy = file.resolveSibling(file.getFileName() + ".migrating");
        this.version = version;
        this.rowsPerStep = rowsPerStep;
        this.step = step;
    }

    /**
     * Migrates.
     *
     * @param now milliseconds since the epoch
     * @throws StoreException if another program works on the file
     * @throws SQLException if the old file cannot be read, or the new one not be written
     * @throws IOException the same
     */
    void run(long now) throws StoreException, SQLException, IOException {
        LOG.info("{} is a database of the original agent (schema {}); it is migrated", file, version);
        removeCopy();
        boolean migrated = false;
        try {
            OriginalRows.Counts counts = copy(now);
            takeThePlace();
            migrated = true;
            LOG.info(
                    "{} is migrated: {} rows, {} samples of {} series ({} pending); {} twice there and kept once, {} that no"
                            + " sample can be made of left out",
                    file,
                    counts.rows(),
                    counts.samples(),
                    counts.series(),
                    counts.pending(),
                    counts.duplicates(),
                    counts.unusable());
        } finally {
            if (!migrated) {
                removeCopy();
            }
        }
    }

    private OriginalRows.Counts copy(long now) throws StoreException, SQLException, IOException {
        try (Connection connection = Database.connect(file, false);
                Statement statement = connection.createStatement()) {
            lock(statement);
            try (Database target = Database.open(copy, now)) {
                OriginalRows rows = new OriginalRows(connection, target, rowsPerStep, step);
                OriginalRows.Counts counts = rows.copy();
                new OriginalSessions(connection, target).copy();
                target.checkpoint();
                step.done();
                return counts;
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    /** Keeps every other program from writing until the copy is done, and moves what its log holds into the file. */
    private void lock(Statement statement) throws StoreException, SQLException {
        try {
            statement.execute("PRAGMA busy_timeout=5000");
            // The sorting of millions of rows must not take place in memory.
            statement.execute("PRAGMA temp_store=FILE");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            statement.execute("BEGIN IMMEDIATE");
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY) {
                throw inUse();
            }
            throw e;
        }
    }

    private void takeThePlace() throws StoreException, IOException {
        // The last connection removes the log; what is left belongs to somebody who still has the old file open.
        if (Files.exists(file.resolveSibling(file.getFileName() + "-wal"))) {
            throw inUse();
        }
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        step.done();
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Database.syncFolder(file);
        step.done();
    }

    private void removeCopy() throws IOException {
        for (String suffix : new String[] {"", "-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + suffix));
        }
    }

    private StoreException inUse() {
        return new StoreException(
                "Another program has " + file + " open, which must be migrated; it was left untouched."
                        + " Stop the original agent (systemctl disable --now of its unit), then start this one again");
    }

    /** Runs a query for one number. */
    static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
