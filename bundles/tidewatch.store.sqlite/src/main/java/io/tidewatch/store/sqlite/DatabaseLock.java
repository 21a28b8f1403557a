package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to work on a database file, for one store of one process at a time, taken before the database is opened. The
 * kernel drops it when the process ends, however it ends. The lock file stays: removing it would let two processes lock
 * two files of one name.
 */
final class DatabaseLock implements AutoCloseable {
    private final FileChannel channel;

    private DatabaseLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The lock file of a database. */
    static Path fileOf(Path database) {
        return database.resolveSibling(database.getFileName() + ".lock");
    }

    /**
     * Takes the lock of a database and writes the id of this process into it.
     *
     * @throws StoreException if another store has it
     * @throws IOException if the file cannot be locked
     */
    static DatabaseLock take(Path database) throws StoreException, IOException {
        Path file = fileOf(database);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            taken = isLocked(channel);
            if (!taken) {
                throw new StoreException("The database " + database + " is in use by process " + holder(file)
                        + "; stop that agent, or configure another path");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DatabaseLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another store of this very process has it.
            return false;
        }
    }

    private static String holder(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }
}
