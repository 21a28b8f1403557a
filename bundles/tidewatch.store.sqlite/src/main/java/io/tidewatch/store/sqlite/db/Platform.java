package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a store needs from its surroundings. Tests replace parts of it by parts that fail.
 *
 * @param timer makes a thread for periodic work, by its name
 */
public record Platform(
        Connector connector,
        Sync sync,
        FreeSpace freeSpace,
        Function<String, ScheduledExecutorService> timer,
        LongSupplier nanoTime) {
    public interface Connector {
        /** Opens a connection, which the caller closes. */
        Connection connect(Path file, boolean readOnly) throws SQLException;
    }

    public interface Sync {
        void force(Path file) throws IOException;
    }

    public interface FreeSpace {
        /** What the agent may use of the file system that holds a file, in bytes. */
        long usable(Path file) throws IOException;

        static long ofFileSystem(Path file) throws IOException {
            // By the folder: the database file itself must not be touched besides SQLite.
            return Files.getFileStore(file.toAbsolutePath().resolveSibling(".")).getUsableSpace();
        }
    }

    /** The operating system. */
    public static final Platform REAL = new Platform(
            Connections::open, LogSync::force, FreeSpace::ofFileSystem, StoreTimer::thread, System::nanoTime);
}
