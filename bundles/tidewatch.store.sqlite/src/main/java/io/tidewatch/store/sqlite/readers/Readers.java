package io.tidewatch.store.sqlite.readers;

import io.tidewatch.api.store.StoreException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configured access of other programs to the database. Safe for use by several threads. */
public final class Readers implements AutoCloseable {
    private final Path file;
    private volatile @Nullable ReaderServer server;

    public Readers(Path file) {
        this.file = file;
    }

    /**
     * Starts to lock the database, ends that, or goes on.
     *
     * @param exclusive whether it is locked while no program reads it
     * @return why it cannot be locked, and what to do
     */
    public synchronized Optional<String> configure(boolean exclusive, ReaderServer.Lockable database) {
        if (!exclusive) {
            close();
        } else if (server == null) {
            try {
                server = ReaderServer.start(file, database, ReaderServer.LINGER);
            } catch (StoreException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** The database was opened again after a repair, not locked yet. */
    public void opened() {
        ReaderServer present = server;
        if (present != null) {
            present.look();
        }
    }

    /** Ends what reads, and opens the database to others. Idempotent. */
    @Override
    public synchronized void close() {
        ReaderServer present = server;
        server = null;
        if (present != null) {
            present.close();
        }
    }
}
