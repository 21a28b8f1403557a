package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a database file, for one store of one process at a time, taken before the database is opened. The
 * kernel drops it when the process ends, however it ends. The lock file stays: removing it would let two processes lock
 * two files of one name.
 *
 * <p>POSIX drops all locks that a process holds on a file when it closes <em>any</em> descriptor of that file (fcntl(2)):
 * a lock file that another store of this process holds is neither closed again nor read.
 */
public final class DatabaseLock implements AutoCloseable {
    /** By lock file: opened for a store that did not get the lock, since another one of this process had it. */
    private static final Map<Path, FileChannel> KEPT_OPEN = new HashMap<>();

    private final FileChannel channel;

    private DatabaseLock(FileChannel channel) {
        this.channel = channel;
    }

    public static Path fileOf(Path database) {
        return DatabaseFiles.beside(database, ".lock");
    }

    /**
     * Takes the lock of a database unless this process has it already; null if it has.
     *
     * @param held a lock file that this process holds, of whatever database; null if there is none
     * @throws StoreException if another store has it, or the file cannot be locked
     */
    public static @Nullable DatabaseLock takeUnlessHeld(Path database, @Nullable Path held) throws StoreException {
        try {
            Path file = fileOf(database);
            boolean isHeld = held != null && Files.exists(held) && Files.exists(file) && Files.isSameFile(held, file);
            return isHeld ? null : take(database);
        } catch (IOException e) {
            throw Failures.of("Locking the database", database, e);
        }
    }

    /** Takes the lock of a database and writes the id of this process into it; fails if another store has it. */
    public static DatabaseLock take(Path database) throws StoreException, IOException {
        Path file = fileOf(database).toAbsolutePath().normalize();
        synchronized (KEPT_OPEN) {
            FileChannel kept = KEPT_OPEN.remove(file);
            FileChannel channel =
                    kept == null ? FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE) : kept;
            try {
                if (channel.tryLock() == null) {
                    channel.close();
                    String process = Files.readString(file, StandardCharsets.US_ASCII);
                    throw inUse(database, "process " + process.strip());
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                return new DatabaseLock(channel);
            } catch (OverlappingFileLockException e) {
                KEPT_OPEN.put(file, channel);
                throw inUse(database, "process " + ProcessHandle.current().pid() + ", which is this one");
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static StoreException inUse(Path database, String holder) {
        return new StoreException("The database " + database + " is in use by " + holder
                + "; stop that agent, or configure another path");
    }
}
