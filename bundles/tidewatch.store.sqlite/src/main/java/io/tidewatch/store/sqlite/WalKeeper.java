package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the write-ahead log: makes it durable each sync interval and cuts it at times.
 *
 * <p>With {@code synchronous=NORMAL} a commit writes to the log without waiting for the medium. A killed process loses
 * nothing, since the kernel has the bytes; a power cut loses what the kernel had not yet written. This class bounds that
 * by the sync interval: it opens the log and forces it, which flushes the file's pages whoever wrote them. The log's
 * frames are chained by checksums, so that what survives is always a whole number of commits.
 *
 * <p>Opening the log besides SQLite is safe: POSIX drops the locks that a process holds on a file when it closes any
 * descriptor of <em>that</em> file, and SQLite locks the database and the {@code -shm} file, never the {@code -wal} file
 * (https://sqlite.org/howtocorrupt.html, 2.2; https://sqlite.org/wal.html). The database file must never be opened so.
 */
final class WalKeeper {
    /**
     * What checkpoints did since the start.
     *
     * @param count how many cut the log
     * @param lastDuration how long the last one took, waiting for a reader included; zero if there was none
     * @param reclaimedBytes by how much they cut the log, all together
     */
    record Checkpoints(long count, Duration lastDuration, long reclaimedBytes) {}

    private static final Logger LOG = LoggerFactory.getLogger(WalKeeper.class);

    private final Database database;
    private final ReentrantLock writer;
    private final Platform.Sync sync;
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final StoreTimer timer;
    private @Nullable Future<?> syncing;
    private @Nullable Future<?> checkpointing;
    private volatile long sizeLimit = Long.MAX_VALUE;
    private volatile long walBytes;
    private volatile long databaseBytes;
    private volatile @Nullable String syncFailure;
    private volatile Checkpoints checkpoints = new Checkpoints(0, Duration.ZERO, 0);
    private long retryAbove;
    private boolean failing;
    private boolean pinned;

    /** @param writer held during every checkpoint */
    WalKeeper(Database database, ReentrantLock writer, StoreTimer timer, Platform.Sync sync) {
        this.timer = timer;
        this.database = database;
        this.writer = writer;
        this.sync = sync;
        measure();
        measureDatabase();
    }

    /** Forces the file by a channel of its own. */
    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (NoSuchFileException e) {
            // No log, nothing in it: SQLite removes it when the last connection closes.
        }
    }

    /** Starts with these settings, or goes on with them. */
    synchronized void configure(StoreSettings settings) {
        if (syncing != null) {
            syncing.cancel(false);
        }
        if (checkpointing != null) {
            checkpointing.cancel(false);
        }
        sizeLimit = settings.checkpointSize();
        syncing = timer.every(settings.syncInterval(), this::sync);
        checkpointing = timer.every(settings.checkpointInterval(), this::checkpoint);
    }

    /** A transaction was committed. The caller holds the writer lock. */
    void committed() {
        dirty.set(true);
        measure();
        if (walBytes > sizeLimit && walBytes >= retryAbove) {
            checkpoint();
        }
    }

    /** Makes what is committed durable; does nothing if nothing was committed since the last time. */
    void sync() {
        if (!dirty.getAndSet(false)) {
            return;
        }
        try {
            sync.force(database.wal());
            if (syncFailure != null) {
                LOG.info("The write-ahead log {} is written to the disk again", database.wal());
            }
            syncFailure = null;
        } catch (IOException | RuntimeException e) {
            dirty.set(true);
            if (syncFailure == null) {
                LOG.error(
                        "The write-ahead log {} cannot be forced to the disk: a power cut may cost more than"
                                + " sync.interval ({})",
                        database.wal(),
                        e.toString());
            }
            syncFailure = e.toString();
        }
    }

    /** Cuts the log to zero. */
    void checkpoint() {
        writer.lock();
        try {
            measure();
            long before = walBytes;
            long begin = System.nanoTime();
            boolean cut = database.checkpoint();
            Duration duration = Duration.ofNanos(System.nanoTime() - begin);
            measure();
            measureDatabase();
            failing = false;
            if (cut) {
                Checkpoints old = checkpoints;
                checkpoints = new Checkpoints(old.count() + 1, duration, old.reclaimedBytes() + before - walBytes);
            }
            if (cut == pinned) {
                pinned = !cut;
                if (pinned) {
                    LOG.warn(
                            "A reader of {} keeps its write-ahead log from being cut; end that program",
                            database.file());
                } else {
                    LOG.info("The write-ahead log of {} can be cut again", database.file());
                }
            }
            // A try costs up to the busy timeout; the next one comes when the log has grown by a quarter.
            retryAbove = cut ? 0 : walBytes + sizeLimit / 4;
        } catch (SQLException e) {
            retryAbove = walBytes + sizeLimit / 4;
            if (!failing) {
                LOG.error(
                        "{}",
                        Failures.of("Cutting the write-ahead log", database.file(), e)
                                .getMessage());
            }
            failing = true;
        } finally {
            writer.unlock();
        }
    }

    /** Size of the log after the last commit. */
    long walBytes() {
        return walBytes;
    }

    /** Size of the database after the last checkpoint. */
    long databaseBytes() {
        return databaseBytes;
    }

    /** The log is larger than it should be, because a reader keeps it from being cut or the disk fails. */
    boolean isOverLimit() {
        return walBytes > sizeLimit;
    }

    /** What checkpoints did since the start. */
    Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Why the last attempt to make the log durable failed; null if it did not. */
    @Nullable
    String syncFailure() {
        return syncFailure;
    }

    private void measure() {
        walBytes = sizeOf(database.wal());
    }

    private void measureDatabase() {
        databaseBytes = sizeOf(database.file());
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
