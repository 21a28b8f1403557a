package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Truncates the write-ahead log by checkpoints: at intervals, and when it is over its limit. A checkpoint waits
 * only a moment for a program that reads the file, since it holds the writer lock; one that cannot truncate the log is retried by the timer
 * every {@value #RETRY_SECONDS} seconds, and by commits a little more often.
 */
public final class WriteAheadLog {
    /** Checkpoints that truncated the log since the start, the duration of the last one, and by how many bytes in all. */
    public record Checkpoints(long count, Duration lastDuration, long reclaimedBytes) {}

    /** Seconds from a checkpoint that failed to the next one. */
    public static final int RETRY_SECONDS = 5;

    /** A program that looks at the file for a moment is not worth a warning. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long SHORTEST_RETRY_NANOS = Duration.ofMillis(2).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);

    private final Database database;
    private final ReentrantLock writer;
    private final StoreTimer timer;
    private final LongSupplier nanoTime;
    private final Consumer<StoreException> onFailure;
    private @Nullable Future<?> periodic;
    private volatile long sizeLimit = Long.MAX_VALUE;
    private volatile long walBytes;
    private volatile long databaseBytes;
    private volatile Checkpoints checkpoints = new Checkpoints(0, Duration.ZERO, 0);
    private volatile @Nullable String obstacle;

    // Guarded by the writer lock.
    private boolean failing;
    private boolean stuck;
    private boolean retrying;
    private long stuckSince;
    private long notBefore;
    private long pause;

    /** @param writer held during every checkpoint, also when its failure is reported */
    public WriteAheadLog(
            Database database,
            ReentrantLock writer,
            StoreTimer timer,
            LongSupplier nanoTime,
            Consumer<StoreException> onFailure) {
        this.database = database;
        this.writer = writer;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.onFailure = onFailure;
        measure();
        databaseBytes = sizeOf(database.file());
    }

    /** Starts with these settings, or goes on with them. */
    public synchronized void configure(StoreSettings settings) {
        if (periodic != null) {
            periodic.cancel(false);
        }
        sizeLimit = settings.checkpointSize();
        periodic = timer.every(settings.checkpointInterval(), this::checkpoint);
    }

    /** A transaction was committed. The caller holds the writer lock. */
    public void committed() {
        measure();
        if (walBytes > sizeLimit && (!stuck || nanoTime.getAsLong() - notBefore >= 0)) {
            checkpoint();
        }
    }

    /** Copies the log into the database and empties it; returns whether the file has all of it, forced to the medium. */
    public boolean checkpoint() {
        return checkpoint(false);
    }

    /** The same, and gives the room of the log back. */
    public void truncate() {
        checkpoint(true);
    }

    private boolean checkpoint(boolean truncate) {
        writer.lock();
        try {
            measure();
            long before = walBytes;
            long begin = System.nanoTime();
            Database.Checkpoint done = database.checkpoint(truncate);
            Duration duration = Duration.ofNanos(System.nanoTime() - begin);
            measure();
            databaseBytes = sizeOf(database.file());
            if (done.truncated()) {
                truncated(before, duration);
            } else {
                retryLater();
                noteReaders();
            }
            failing = false;
            return done.complete();
        } catch (SQLException | RuntimeException | Error e) {
            retryLater();
            noteFailure(Failures.of("Truncating the write-ahead log", database.file(), e));
            return false;
        } finally {
            writer.unlock();
        }
    }

    /** Bytes of the log that are not in the database yet, as of the last commit. */
    public long walBytes() {
        return walBytes;
    }

    /** Size of the file of the log, which is kept when the log is empty. */
    public long fileBytes() {
        return sizeOf(database.wal());
    }

    /** Size of the database after the last checkpoint. */
    public long databaseBytes() {
        return databaseBytes;
    }

    /** Whether the log is larger than it should be, because a reader or a failing disk keeps it from being truncated. */
    public boolean isOverLimit() {
        return walBytes > sizeLimit;
    }

    /** Whether the last checkpoint could not truncate the log. The caller holds the writer lock. */
    public boolean isStuck() {
        return stuck;
    }

    /** What keeps the log from being truncated, and what to do about it; null if nothing does. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    public Checkpoints checkpoints() {
        return checkpoints;
    }

    private void truncated(long before, Duration duration) {
        Checkpoints old = checkpoints;
        checkpoints = new Checkpoints(old.count() + 1, duration, old.reclaimedBytes() + before - walBytes);
        stuck = false;
        pause = 0;
        if (obstacle != null) {
            LOG.info("The write-ahead log of {} is truncated again", database.file());
        }
        obstacle = null;
        MDC.put("reclaimed_bytes", String.valueOf(before - walBytes));
        MDC.put("duration_ms", String.valueOf(duration.toMillis()));
        LOG.debug("The write-ahead log of {} is truncated", database.file());
        MDC.remove("reclaimed_bytes");
        MDC.remove("duration_ms");
    }

    private void retryLater() {
        long now = nanoTime.getAsLong();
        if (!stuck) {
            stuck = true;
            stuckSince = now;
        }
        long longest = Duration.ofSeconds(RETRY_SECONDS).toNanos();
        pause = Math.min(longest, Math.max(SHORTEST_RETRY_NANOS, pause * 2));
        notBefore = now + pause;
        if (!retrying) {
            retrying = true;
            timer.after(Duration.ofSeconds(RETRY_SECONDS), this::retry);
        }
    }

    private void retry() {
        writer.lock();
        try {
            retrying = false;
            if (stuck) {
                checkpoint();
            }
        } finally {
            writer.unlock();
        }
    }

    private void noteReaders() {
        if (nanoTime.getAsLong() - stuckSince >= PATIENCE_NANOS) {
            boolean known = obstacle != null && !failing;
            obstacle = "The write-ahead log " + database.wal() + " cannot be truncated, since another program reads "
                    + database.file() + ": end " + LockHolders.of(database.index());
            if (!known) {
                LOG.warn("{}", obstacle);
            }
        } else if (failing) {
            obstacle = null;
        }
    }

    private void noteFailure(StoreException e) {
        if (!failing) {
            LOG.error("{}", e.getMessage(), Failures.stackOfBugs(e));
        }
        failing = true;
        obstacle = e.getMessage();
        onFailure.accept(e);
    }

    private void measure() {
        try {
            walBytes = database.logBytes();
        } catch (SQLException | RuntimeException | Error e) {
            // The transaction before it is committed, whatever happens here. Rather too high than too low.
            walBytes = sizeOf(database.wal());
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }
}
