package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes commits durable. With {@code synchronous=NORMAL} a commit writes to the write-ahead log without waiting for the
 * medium: a killed process loses nothing, since the kernel has the bytes, and a power cut loses what the kernel had not
 * yet written. This class bounds that by the sync interval. The first commit after a sync sets the next one, early enough
 * to be over within the interval, on a thread of its own, so that neither evictions nor checkpoints delay it. The log's
 * frames are chained by checksums: what survives is always a whole number of commits.
 *
 * <p>After a sync that failed, the next success proves nothing: the kernel reports the loss of a page once, and takes the
 * page for written from then on (https://wiki.postgresql.org/wiki/Fsync_Errors). Commits count as durable again when a
 * checkpoint has written all of the log to the database file.
 *
 * <p>Opening the log besides SQLite is safe, other than opening the {@link Database}: SQLite locks that and the {@code -shm}
 * file, never the {@code -wal} file (https://sqlite.org/wal.html).
 *
 * <p>Safe for use by several threads.
 */
public final class LogSync {
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(LogSync.class);

    private final Path log;
    private final Platform.Sync sync;
    private final StoreTimer timer;
    private final BooleanSupplier checkpoint;
    private volatile @Nullable String failure;

    // Guarded by this.
    private Duration interval = StoreSettings.DEFAULTS.syncInterval();
    private boolean dirty;
    private boolean forcing;
    private long begun;
    private @Nullable Future<?> next;

    /** How long the slowest of the last syncs took, fading. */
    private Duration took = Duration.ZERO;

    /**
     * @param timer runs the syncs, and nothing else; closing it ends them
     * @param checkpoint writes all of the log to the database file and forces that; false if it cannot
     */
    public LogSync(Path log, Platform.Sync sync, StoreTimer timer, BooleanSupplier checkpoint) {
        this.log = log;
        this.sync = sync;
        this.timer = timer;
        this.checkpoint = checkpoint;
    }

    /** Forces the file by a channel of its own. */
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            // Its size, if that changed, but not its times (fdatasync).
            channel.force(false);
        } catch (NoSuchFileException e) {
            // No log, nothing in it: SQLite removes it when the last connection closes.
        }
    }

    /** Goes on with another interval, the most that a power cut may cost. */
    public synchronized void configure(Duration interval) {
        this.interval = interval;
        if (next != null) {
            next.cancel(false);
            schedule(delay());
        }
    }

    public synchronized void committed() {
        dirty = true;
        if (next == null) {
            schedule(delay());
        }
    }

    /** Why commits are not durable within the interval; null if they are. */
    public synchronized @Nullable String failure() {
        if (failure != null || !forcing) {
            return failure;
        }
        Duration lasting = Duration.ofNanos(System.nanoTime() - begun);
        return lasting.compareTo(interval) < 0 ? null : "it has not answered for " + lasting.toSeconds() + " s";
    }

    /** Makes what is committed durable now; does nothing if nothing was committed since the last time. */
    public void sync() {
        synchronized (this) {
            next = null;
            if (!dirty) {
                return;
            }
            dirty = false;
            begun = System.nanoTime();
            forcing = true;
        }
        String problem = failure == null ? force() : checkpoint.getAsBoolean() ? null : failure;
        synchronized (this) {
            forcing = false;
            note(problem);
            if (problem != null) {
                dirty = true;
                schedule(RETRY.compareTo(interval) < 0 ? RETRY : interval);
            }
        }
    }

    private @Nullable String force() {
        try {
            sync.force(log);
            return null;
        } catch (IOException | RuntimeException e) {
            return e.toString();
        } finally {
            synchronized (this) {
                Duration last = Duration.ofNanos(System.nanoTime() - begun);
                took = last.compareTo(took) > 0 ? last : took.plus(last).dividedBy(2);
            }
        }
    }

    /** A tenth of the interval for what delays a thread, and twice as long as a sync takes; half of it at most. */
    private Duration delay() {
        Duration margin = interval.dividedBy(10).plus(took.multipliedBy(2));
        Duration most = interval.dividedBy(2);
        return interval.minus(margin.compareTo(most) < 0 ? margin : most);
    }

    private void schedule(Duration delay) {
        next = timer.once(delay, this::sync);
    }

    private void note(@Nullable String problem) {
        if (problem != null && failure == null) {
            LOG.error(
                    "The write-ahead log {} cannot be forced to the disk ({}): a power cut may cost more than sync.interval"
                            + " until a checkpoint succeeds; check the disk (dmesg names failing ones)",
                    log,
                    problem);
        } else if (problem == null && failure != null) {
            LOG.info("All of {} was written to the database and forced to the disk: commits are durable again", log);
        }
        failure = problem;
    }
}
