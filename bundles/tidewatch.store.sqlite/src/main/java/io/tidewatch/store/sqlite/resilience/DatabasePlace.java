package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.DatabaseFiles;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the database: operations on them while they are closed, or open. */
public final class DatabasePlace {
    /** A file that is deleted or replaced while it is open is still there for programs that have it open, and gone with them. */
    private record FileIdentity(Path file, @Nullable Object key) {
        /** The file that has this name now. */
        static FileIdentity of(Path file) {
            return new FileIdentity(file, keyOf(file));
        }

        /** Whether another file, or none, has the name by now; never if there was none. */
        boolean isGone() {
            return key != null && !key.equals(keyOf(file));
        }

        private static @Nullable Object keyOf(Path file) {
            try {
                return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            } catch (IOException e) {
                return null;
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(DatabasePlace.class);

    private final Path file;
    private final Path wal;
    private final Path rescued;
    private final Clock clock;
    private final Recovery recovery;

    /** The database and its log as they were opened; empty before. */
    private volatile List<FileIdentity> opened = List.of();

    public DatabasePlace(Path file, Clock clock, Platform platform) {
        this.recovery = new Recovery(file, clock, platform);
        this.file = file;
        this.wal = DatabaseFiles.beside(file, "-wal");
        this.rescued = DatabaseFiles.beside(file, ".rescued");
        this.clock = clock;
    }

    public Path file() {
        return file;
    }

    /** The database is open: from now on these are its files. */
    public void opened() {
        opened = List.of(FileIdentity.of(file), FileIdentity.of(wal));
    }

    /** Whether the files that were opened are no longer those that have the names. */
    public boolean isGone() {
        return opened.stream().anyMatch(FileIdentity::isGone);
    }

    /**
     * Replaces the file if it is damaged, or takes up one that was written anew; it is closed.
     *
     * @param suspicious whether an error said so; then it is checked even after a clean end
     * @return the result of the recovery; null if it was not damaged
     */
    public Recovery.@Nullable Result recover(boolean suspicious) throws StoreException {
        requireFile();
        try {
            takeUpRescued();
            return recovery.runIfNeeded(suspicious);
        } catch (IOException | SQLException e) {
            throw Failures.of("Recovering the database", file, e);
        }
    }

    private void requireFile() throws StoreException {
        try {
            if (Files.exists(file)) {
                RegularFile.require(file);
            }
        } catch (IOException e) {
            throw new StoreException(
                    file + " is no database (" + FileFailure.reason(e)
                            + "). Remove it, or set path in tidewatch.store.sqlite.cfg",
                    e);
        }
    }

    /**
     * Writes what an open store holds to a new file, which the next {@link #recover} gives the name that was lost, and
     * closes the store. Does nothing but close it if only its log has lost its name: then all of it goes to the file.
     *
     * @throws StoreException if it cannot be written; then the store is still open, and the only place where that is
     */
    public void rescue(SqliteStore store) throws StoreException {
        if (!opened.get(0).isGone()) {
            store.close();
            return;
        }
        try {
            Path unfinished = DatabaseFiles.beside(file, ".rescuing");
            if (store.isOpen()) {
                Files.deleteIfExists(unfinished);
                store.moveInto(unfinished);
            }
            DatabaseFiles.force(unfinished);
            DatabaseFiles.rename(unfinished, rescued);
        } catch (IOException e) {
            throw Failures.of("Writing the database anew", file, e);
        }
    }

    private void takeUpRescued() throws IOException {
        if (Files.notExists(rescued)) {
            return;
        }
        if (Files.exists(file)) {
            Path other =
                    DatabaseFiles.beside(file, ".replaced-" + clock.instant().getEpochSecond());
            LOG.error(
                    "Another file was given the name {} while the agent ran. It is kept as {}; to use it, stop the agent first",
                    file,
                    other);
            Files.move(file, other, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(wal);
        Files.deleteIfExists(DatabaseFiles.beside(file, "-shm"));
        DatabaseFiles.rename(rescued, file);
    }
}
