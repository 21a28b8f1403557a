package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the database lies: what happens to its files while nobody has them open, or under whoever has. */
final class DatabasePlace {
    private static final Logger LOG = LoggerFactory.getLogger(DatabasePlace.class);

    private final Path file;
    private final Path wal;
    private final Clock clock;
    private volatile @Nullable FileIdentity identity;
    private volatile @Nullable FileIdentity walIdentity;

    DatabasePlace(Path file, Clock clock) {
        this.file = file;
        this.wal = file.resolveSibling(file.getFileName() + "-wal");
        this.clock = clock;
    }

    Path file() {
        return file;
    }

    /** The database is open: from now on these are its files. */
    void opened() {
        identity = FileIdentity.of(file);
        walIdentity = FileIdentity.of(wal);
    }

    /** Whether the files that were opened are no longer those that have the names. */
    boolean isGone() {
        FileIdentity opened = identity;
        FileIdentity openedWal = walIdentity;
        return opened != null && openedWal != null && (opened.isGone() || openedWal.isGone());
    }

    /**
     * Replaces the file if it is damaged; nobody has it open.
     *
     * @param suspicious whether an error said so; then it is checked even after a clean end
     * @return what came of it; null if it was not damaged
     * @throws StoreException if the disk does not let it
     */
    Recovery.@Nullable Result recover(boolean suspicious) throws StoreException {
        try {
            return new Recovery(file, clock).runIfNeeded(suspicious);
        } catch (IOException | SQLException e) {
            throw Failures.of("Recovering the database", file, e);
        }
    }

    /**
     * Writes what an open store holds to the name that its file has lost, and closes it.
     *
     * @throws StoreException if it cannot be written
     */
    void rescue(SqliteStore store) throws StoreException {
        Path rescued = file.resolveSibling(file.getFileName() + ".rescued");
        try {
            Files.deleteIfExists(rescued);
            store.closeInto(rescued);
            if (Files.exists(file)) {
                LOG.error("Another file has the name {}; what was in use is kept as {}", file, rescued);
                return;
            }
            Files.deleteIfExists(wal);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
            Files.move(rescued, file, StandardCopyOption.ATOMIC_MOVE);
            Database.syncFolder(file);
        } catch (IOException e) {
            throw Failures.of("Writing the database anew", file, e);
        }
    }
}
