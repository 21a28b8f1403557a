package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The free space of a file system. */
public interface FreeSpace {
    /** What the agent may use of the file system that holds a file, in bytes. */
    long usable(Path file) throws IOException;

    /** Asks the operating system. */
    static long ofFileSystem(Path file) throws IOException {
        // By the folder: the database file itself must not be touched besides SQLite.
        return Files.getFileStore(file.toAbsolutePath().resolveSibling(".")).getUsableSpace();
    }
}
