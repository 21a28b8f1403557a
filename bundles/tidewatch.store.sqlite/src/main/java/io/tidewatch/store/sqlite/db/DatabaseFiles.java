package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The files of databases that are not open: their names, and changes that a power cut does not undo. */
public final class DatabaseFiles {
    private DatabaseFiles() {}

    /** The file with a suffix after the name of the database, such as {@code -wal}. */
    public static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** Removes a database with its log and journal, as far as they are there. */
    public static void delete(Path file) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(beside(file, suffix));
        }
    }

    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Gives a file another name in its folder, in the place of a file that has it. */
    public static void rename(Path file, Path name) throws IOException {
        Files.move(file, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(name);
    }

    /** Makes the names of new files durable; without this a power cut may lose a file whose content was synced. */
    public static void syncFolder(Path file) throws IOException {
        try (FileChannel folder =
                FileChannel.open(file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
