package io.tidewatch.store.sqlite.retention;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.clock.ClockJump;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import io.tidewatch.store.sqlite.db.StoreTimer;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.delivery.Backlog;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store within its bounds, in passes of many small transactions, so that appends never wait for long. Over a bound
 * delivered samples go first, oldest first; then pending ones, lowest priority first, oldest first.
 *
 * <p>Samples of a chunk that was acknowledged in the last minutes are spared by age, since they may have to be sent again
 * ({@link Backlog#resend}); by size they are not.
 *
 * <p>{@link #pass} is for one thread; the others may be called from any.
 */
public final class BoundsKeeper {
    /** After a pass that was cut short. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Ages in days need no precision. */
    private static final long EXPIRY_INTERVAL = Duration.ofMinutes(10).toMillis();

    /** A pass must not keep its thread from syncing in time. */
    private static final int STEPS_PER_PASS = 50;

    /** A log of more than this part of the size is truncated, whatever its own limit. */
    private static final int LOG_SHARE = 8;

    /** Less than this is not worth the writing that it takes to give it back. */
    private static final long WORTHWHILE = 1 << 20;

    private static final boolean[] ALL_LEVELS = new boolean[PassRow.LEVELS];

    static {
        Arrays.fill(ALL_LEVELS, true);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BoundsKeeper.class);

    private final Database database;
    private final EvictionSteps steps;
    private final DeliveryTables deliveries;
    private final WriteAheadLog wal;
    private final DiskRoom disk;
    private final ClockJump clock;
    private volatile Bounds bounds = Bounds.DEFAULTS;
    private long lastExpiry = Long.MIN_VALUE;
    private volatile @Nullable String failure;
    private final Consumer<StoreException> onFailure;

    public BoundsKeeper(
            Database database,
            EvictionSteps steps,
            DeliveryTables deliveries,
            WriteAheadLog wal,
            FreeSpace freeSpace,
            ClockJump clock,
            Consumer<StoreException> onFailure) {
        this.onFailure = onFailure;
        this.database = database;
        this.steps = steps;
        this.deliveries = deliveries;
        this.wal = wal;
        disk = new DiskRoom(database.file(), freeSpace);
        this.clock = clock;
    }

    public void configure(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Makes passes from now on, the first after an interval. */
    public void start(StoreTimer timer) {
        timer.after(bounds.interval(), () -> run(timer));
    }

    /** Ends the eviction after the current step. */
    public void stop() {
        steps.stop();
    }

    public EvictionSteps steps() {
        return steps;
    }

    /** Why the last pass failed; null if it did not. */
    public @Nullable String failure() {
        return failure;
    }

    /** What the last pass found short on the disk, and what to do about it; null if there was enough room. */
    public @Nullable String shortage() {
        return disk.shortage();
    }

    private void run(StoreTimer timer) {
        boolean more = false;
        try {
            more = pass();
            if (failure != null) {
                LOG.info("{} is kept within its bounds again", database.file());
            }
            failure = null;
        } catch (StoreException | RuntimeException | Error e) {
            if (!steps.isStopped()) {
                failed(e);
            }
        } finally {
            timer.after(more ? SOON : bounds.interval(), () -> run(timer));
        }
    }

    private void failed(Throwable e) {
        StoreException told =
                e instanceof StoreException known ? known : Failures.of("Evicting samples", database.file(), e);
        if (failure == null) {
            LOG.error("{}. It is retried in {}", told.getMessage(), bounds.interval(), Failures.stackOfBugs(e));
        }
        failure = told.getMessage();
        onFailure.accept(told);
    }

    /** Brings the store nearer to its bounds; returns whether there is more to do. */
    public boolean pass() throws StoreException {
        steps.allow(STEPS_PER_PASS);
        Bounds now = bounds;
        try {
            boolean done = expire(now) && shrink(now.maxSize()) && makeRoom(now.minFree());
            return !done && !steps.isStopped();
        } finally {
            steps.counts().logLosses(clock.millis());
        }
    }

    private boolean expire(Bounds now) throws StoreException {
        long present = clock.millis();
        if (clock.wasSet()) {
            // What was stamped before is moved to its true time first; until then it looks old or young.
            return true;
        }
        if (lastExpiry > present - EXPIRY_INTERVAL && lastExpiry <= present) {
            return true;
        }
        long spared = steps.locked(() -> deliveries.oldestAcknowledged(present));
        long oldest = present - now.historyRetention().toMillis();
        if (!steps.history(Reason.HISTORY_EXPIRED, Math.min(oldest, spared), () -> false)
                || !expirePending(present, now.pendingRetention().toMillis())) {
            return false;
        }
        steps.removeUnusedSeries();
        lastExpiry = present;
        return true;
    }

    private boolean expirePending(long present, long retention) throws StoreException {
        return steps.locked(() -> clock.makesYoungSamplesOld(present, retention))
                || steps.pending(Reason.PENDING_EXPIRED, ALL_LEVELS, present - retention, () -> false);
    }

    /**
     * Fails if the log alone takes the store over its size and cannot be truncated: then nothing more may be written to
     * it. The caller holds the writer lock.
     *
     * @param action what is to be written, as the start of a sentence
     */
    public void requireRoom(String action) throws StoreException, SQLException {
        long maxSize = bounds.maxSize();
        if (!wal.isStuck() || wal.walBytes() <= maxSize / LOG_SHARE) {
            return;
        }
        if (database.pages().usedBytes() + wal.walBytes() > maxSize) {
            wal.checkpoint();
            if (wal.isStuck()) {
                String obstacle = wal.obstacle();
                String problem = "the write-ahead log takes " + (wal.walBytes() >> 20) + " MiB of max.size"
                        + (obstacle == null ? "" : ". " + obstacle);
                throw new StoreException(action + " failed: " + problem, new IOException(problem));
            }
        }
    }

    private boolean shrink(long maxSize) throws StoreException {
        if (steps.pages().usedBytes() + wal.walBytes() <= maxSize) {
            return true;
        }
        // The log costs no sample: it is truncated first, and what evicting itself writes to it, or what cannot be
        // truncated now, does not count.
        emptyLogAbove(0);
        boolean done = evict(
                Reason.MAX_SIZE_DELIVERED,
                Reason.MAX_SIZE_PENDING,
                () -> true,
                () -> steps.pages().usedBytes() <= maxSize);
        done = giveBackNow(steps.pages().bytes() - maxSize) && done;
        emptyLogAbove(maxSize / LOG_SHARE);
        return done;
    }

    private boolean makeRoom(long minFree) throws StoreException {
        long free = minFree == 0 ? Long.MAX_VALUE : disk.usable();
        disk.note(free, minFree);
        if (free >= minFree) {
            return true;
        }
        if (wal.fileBytes() > WORTHWHILE) {
            wal.truncate();
            free = disk.usable();
        }
        long missing = minFree - free;
        // What the disk lacks because of a log that cannot be truncated costs no pending sample.
        boolean logAlone = steps.locked(wal::isStuck) && wal.walBytes() >= missing;
        // A store that is small itself is not what fills the disk: it gives up its history, but not what is pending.
        boolean done = evict(
                Reason.MIN_FREE_DELIVERED,
                Reason.MIN_FREE_PENDING,
                () -> !logAlone && steps.pages().usedBytes() > minFree,
                () -> steps.pages().freeBytes() >= missing);
        long gain = Math.min(missing, steps.pages().freeBytes());
        return (gain < Math.min(missing, WORTHWHILE) || giveBackNow(gain)) && done;
    }

    private boolean evict(
            Reason delivered, Reason pending, EvictionSteps.Condition mayLose, EvictionSteps.Condition enough)
            throws StoreException {
        if (!steps.history(delivered, Millis.END, enough)) {
            return false;
        }
        for (int level = PassRow.LEVELS - 1; level >= 0 && !enough.holds() && mayLose.holds(); level--) {
            boolean[] levels = new boolean[PassRow.LEVELS];
            levels[level] = true;
            if (!steps.pending(pending, levels, Millis.END, () -> enough.holds() || !mayLose.holds())) {
                return false;
            }
        }
        return true;
    }

    private boolean giveBackNow(long bytes) throws StoreException {
        long before = steps.pages().count();
        boolean done = steps.giveBack(bytes);
        if (steps.pages().count() < before) {
            wal.truncate();
        }
        return done;
    }

    private void emptyLogAbove(long bytes) {
        if (wal.walBytes() > bytes) {
            wal.checkpoint();
        }
    }
}
