package io.tidewatch.store.sqlite.migration;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.DatabaseFiles;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.recovery.ContentCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Takes a database with other tables over, of the original agent or of an earlier version: copies it into a new file beside
 * it, which then takes its place by a rename. Until then nothing is changed; whatever interrupts this, the old file is
 * whole and the next start begins again.
 *
 * <p>A copy and not a change in place, since the size of pages and the way freed ones are given back are fixed when a file
 * is made, and since it takes less room. What is delivered is copied first and what is pending after that, so that one
 * range says which is which.
 */
public final class Migration {
    /** What a test interrupts. */
    public interface Step {
        void done() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Migration.class);
    private static final int SAMPLES_PER_STEP = 20_000;

    /** From this version on, the original keeps a key of 64 characters with each row, and an index of them. */
    private static final int WITH_KEYS = 3;

    private final Path file;
    private final Path copy;
    private final DamagedOriginal damaged;
    private final int version;
    private final Platform platform;
    private final int samplesPerStep;
    private final Step step;

    /**
     * @param samplesPerStep samples that are committed together, roughly
     * @param step called after each of them, and after every other change on the disk
     */
    public Migration(Path file, int version, Platform platform, int samplesPerStep, Step step) {
        this.file = file;
        this.copy = DatabaseFiles.beside(file, ".migrating");
        this.damaged = new DamagedOriginal(file);
        this.version = version;
        this.platform = platform;
        this.samplesPerStep = samplesPerStep;
        this.step = step;
    }

    /** Migrates a file if it is of another version; see {@link #run}. */
    public static void runIfNeeded(Path file, long now, Platform platform)
            throws StoreException, SQLException, IOException {
        int version = Database.versionOf(file, platform);
        if (Schema.isMigrated(version)) {
            new Migration(file, version, platform, SAMPLES_PER_STEP, () -> {}).run(now);
        }
    }

    /** Migrates; where that fails, the file is as it was. */
    public void run(long now) throws StoreException, SQLException, IOException {
        DatabaseFiles.delete(copy);
        damaged.requireRest(now);
        try {
            Copied copied = copy(now);
            SQLException damage = copied.rows().damage();
            if (damage != null) {
                damaged.requireSecondReading(copied.rows().rows(), now);
                damaged.keep(damage, now);
            }
            takeThePlace();
            damaged.forget();
            LOG.info(
                    "{} is migrated: {} rows, {} samples ({} pending); {} twice there and kept once, {} that no sample can be"
                            + " made of left out",
                    file,
                    copied.rows().rows(),
                    copied.passes().samples(),
                    copied.passes().pending(),
                    copied.passes().duplicates(),
                    copied.rows().unusable());
        } finally {
            // Unless it has taken the place.
            DatabaseFiles.delete(copy);
        }
    }

    private record Copied(Rows rows, MigratedPasses passes) {}

    private Copied copy(long now) throws StoreException, SQLException, IOException {
        try (Connection connection = platform.connector().connect(file, false)) {
            requireRoom(connection);
            LOG.info(
                    "{} is a database {} (schema {}); it is migrated",
                    file,
                    Schema.isOriginal(version) ? "of the original agent" : "of an earlier version",
                    version);
            lock(connection);
            try (Database target = Database.open(copy, now, platform)) {
                // Every page is written once: no copy that was interrupted is ever gone on with.
                Sql.execute(target.connection(), "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF");
                MigratedSessions.copy(connection, target);
                MigratedPasses passes = new MigratedPasses(target, samplesPerStep, step);
                Rows rows =
                        Schema.isOriginal(version) ? new OriginalRows(connection) : new EarlierRows(connection, passes);
                rows.copy(passes, false);
                passes.allDelivered();
                rows.copy(passes, true);
                passes.finish();
                // The copy takes the place of the original for good: it must be one that a store opens.
                String problem = ContentCheck.problemOf(target.connection(), false);
                if (problem != null) {
                    throw new SQLException("The migrated database cannot be used: " + problem + ". Please report this");
                }
                Sql.execute(target.connection(), "PRAGMA journal_mode=WAL");
                step.done();
                return new Copied(rows, passes);
            } finally {
                Sql.execute(connection, "ROLLBACK");
            }
        }
    }

    /** Rather than wearing the disk by copies that are never finished, since it is tried again and again. */
    private void requireRoom(Connection connection) throws StoreException, SQLException, IOException {
        long used = (Sql.number(connection, "PRAGMA page_count") - Sql.number(connection, "PRAGMA freelist_count"))
                * Sql.number(connection, "PRAGMA page_size");
        long needed = Schema.isOriginal(version) ? used / (version < WITH_KEYS ? 2 : 4) : used / 4 * 3;
        long free = platform.freeSpace().usable(file);
        if (free < needed) {
            String message = "The database " + file + " is of another version and must be migrated, for which up to "
                    + mebibytes(needed) + " MiB are needed on its file system, which has " + mebibytes(free)
                    + " MiB left; it was left untouched. Make room, or move it away";
            throw new StoreException(message, new IOException("No room for a copy of " + file));
        }
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    /** Keeps every other program from writing until the copy is done, and moves what its log holds into the file. */
    private void lock(Connection connection) throws StoreException, SQLException {
        try {
            Sql.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)", "BEGIN IMMEDIATE");
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY) {
                throw inUse();
            }
            throw e;
        }
    }

    private void takeThePlace() throws StoreException, IOException {
        // The last connection removes the log; a remaining one means that another process has the old file open.
        if (Files.exists(DatabaseFiles.beside(file, "-wal"))) {
            throw inUse();
        }
        DatabaseFiles.force(copy);
        step.done();
        DatabaseFiles.rename(copy, file);
        step.done();
    }

    private StoreException inUse() {
        return new StoreException(
                "Another program has " + file + " open, which must be migrated; it was left untouched."
                        + " Stop that program (the original agent: systemctl disable --now of its unit); the migration is tried again"
                        + " every 5 seconds",
                new IOException("in use"));
    }
}
