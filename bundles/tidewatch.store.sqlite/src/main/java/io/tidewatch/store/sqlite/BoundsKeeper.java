package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.EvictionCounts.Reason;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store within its bounds, in passes of many small transactions, so that appends never wait for long. Over a bound
 * delivered samples go first, oldest first; then pending ones, lowest priority first, oldest first.
 *
 * <p>Samples of a chunk that was acknowledged in the last minutes are spared by age, since they may have to be sent again
 * ({@link Reopening}); by size they are not.
 *
 * <p>{@link #pass} is for one thread; the others may be called from any.
 */
final class BoundsKeeper {
    /** After a pass that was cut short. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Removing what is too old writes some pages each time, and ages in days need no precision. */
    private static final long EXPIRY_INTERVAL = Duration.ofMinutes(10).toMillis();

    /** A pass must not keep its thread from syncing in time. */
    private static final int STEPS_PER_PASS = 50;

    private static final int PAGES_PER_STEP = 1000;

    /** Less than this is not worth the writing that it takes to give it back. */
    private static final long WORTHWHILE = 1 << 20;

    private static final boolean[] ALL_LEVELS = new boolean[DeliveryState.LEVELS];

    static {
        Arrays.fill(ALL_LEVELS, true);
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(BoundsKeeper.class);

    private final Database database;
    private final ReentrantLock writer;
    private final Transactions transactions;
    private final Eviction eviction;
    private final WalKeeper wal;
    private final FreeSpace freeSpace;
    private final Clock clock;
    private final Runnable changed;
    private final EvictionCounts counts = new EvictionCounts();
    private final LossLog losses = new LossLog();
    private volatile Bounds bounds = Bounds.DEFAULTS;
    private volatile boolean stopped;

    private int stepsLeft;
    private long lastExpiry = Long.MIN_VALUE;
    private volatile boolean failing;
    private boolean diskIsLow;

    /**
     * @param writer held during every step
     * @param changed called after every step, with the writer lock held
     */
    BoundsKeeper(
            Database database,
            ReentrantLock writer,
            Transactions transactions,
            Eviction eviction,
            WalKeeper wal,
            FreeSpace freeSpace,
            Clock clock,
            Runnable changed) {
        this.database = database;
        this.writer = writer;
        this.transactions = transactions;
        this.eviction = eviction;
        this.wal = wal;
        this.freeSpace = freeSpace;
        this.clock = clock;
        this.changed = changed;
    }

    /** Goes on with these bounds. */
    void configure(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Makes passes from now on, the first after an interval. */
    void start(StoreTimer timer) {
        timer.after(bounds.interval(), () -> run(timer));
    }

    /** The step under way is the last. */
    void stop() {
        stopped = true;
    }

    /** What was evicted since the start. */
    EvictionCounts counts() {
        return counts;
    }

    /** Whether samples that were never delivered were evicted of late. */
    boolean isLosing() {
        return losses.isLosing();
    }

    /** Whether the last pass failed; it is made again. */
    boolean isFailing() {
        return failing;
    }

    private void run(StoreTimer timer) {
        boolean more = false;
        try {
            more = pass();
            if (failing) {
                LOG.info("{} can be kept within its bounds again", database.file());
            }
            failing = false;
        } catch (StoreException | SQLException | RuntimeException e) {
            if (!failing) {
                LOG.warn("{} cannot be kept within its bounds for now", database.file(), e);
            }
            failing = true;
        }
        timer.after(more ? SOON : bounds.interval(), () -> run(timer));
    }

    /** Brings the store nearer to its bounds; returns whether there is more to do. */
    boolean pass() throws StoreException, SQLException {
        stepsLeft = STEPS_PER_PASS;
        long lostBefore = counts.lost();
        Bounds now = bounds;
        try {
            boolean done = expire(now) && shrink(now.maxSize()) && makeRoom(now.minFree());
            return !done && !stopped;
        } finally {
            losses.note(counts.lost() - lostBefore, clock.millis());
        }
    }

    private boolean expire(Bounds now) throws StoreException, SQLException {
        long present = clock.millis();
        if (lastExpiry > present - EXPIRY_INTERVAL && lastExpiry <= present) {
            return true;
        }
        long spared = locked(() -> eviction.oldestReopenable(present));
        long oldest = present - now.historyRetention().toMillis();
        if (!evictHistory(Math.min(oldest, spared), Reason.HISTORY_EXPIRED)
                || !evictPending(
                        ALL_LEVELS, present - now.pendingRetention().toMillis(), Reason.PENDING_EXPIRED, () -> false)) {
            return false;
        }
        removeUnusedSeries(oldest);
        lastExpiry = present;
        return true;
    }

    private boolean shrink(long maxSize) throws StoreException, SQLException {
        if (pages().usedBytes() + wal.walBytes() <= maxSize) {
            return true;
        }
        cutLogAbove(maxSize / 8);
        // As it is now: evicting writes to the log itself, which must not make more samples go.
        long log = wal.walBytes();
        boolean done = evict(
                Reason.MAX_SIZE_DELIVERED,
                Reason.MAX_SIZE_PENDING,
                () -> true,
                () -> pages().usedBytes() + log <= maxSize);
        done = giveBack(pages().bytes() - maxSize) && done;
        cutLogAbove(maxSize / 8);
        return done;
    }

    private boolean makeRoom(long minFree) throws StoreException, SQLException {
        long free = minFree == 0 ? Long.MAX_VALUE : usable();
        noteDisk(free, minFree);
        if (free >= minFree) {
            return true;
        }
        if (cutLogAbove(WORTHWHILE)) {
            free = usable();
        }
        long missing = minFree - free;
        // A store that is small itself is not what fills the disk: it gives up its history, but not what is pending.
        boolean done = evict(
                Reason.MIN_FREE_DELIVERED,
                Reason.MIN_FREE_PENDING,
                () -> pages().usedBytes() > minFree,
                () -> pages().freeBytes() >= missing);
        long gain = Math.min(missing, pages().freeBytes());
        return (gain < Math.min(missing, WORTHWHILE) || giveBack(gain)) && done;
    }

    private boolean evict(Reason delivered, Reason pending, Condition mayLose, Condition enough)
            throws StoreException, SQLException {
        long next = 0;
        while (next < DeliveryState.END && !enough.holds()) {
            if (!mayStep()) {
                return false;
            }
            next = historyStep(delivered, DeliveryState.END, SamplePage.SAMPLES);
        }
        for (int level = DeliveryState.LEVELS - 1; level >= 0 && !enough.holds() && mayLose.holds(); level--) {
            boolean[] levels = new boolean[DeliveryState.LEVELS];
            levels[level] = true;
            if (!evictPending(levels, DeliveryState.END, pending, () -> enough.holds() || !mayLose.holds())) {
                return false;
            }
        }
        return true;
    }

    private boolean evictHistory(long until, Reason reason) throws StoreException, SQLException {
        long next = 0;
        while (next < until) {
            if (!mayStep()) {
                return false;
            }
            next = historyStep(reason, until, SamplePage.SAMPLES);
        }
        return true;
    }

    private boolean evictPending(boolean[] levels, long until, Reason reason, Condition enough)
            throws StoreException, SQLException {
        long next = 0;
        while (next < until && !enough.holds()) {
            if (!mayStep()) {
                return false;
            }
            next = pendingStep(reason, levels, next, until, SamplePage.SAMPLES);
        }
        return true;
    }

    private boolean cutLogAbove(long bytes) {
        if (wal.walBytes() <= bytes) {
            return false;
        }
        wal.checkpoint();
        return true;
    }

    /** Gives up to that many bytes of unused pages back to the file system. */
    private boolean giveBack(long bytes) throws StoreException, SQLException {
        long wanted = Math.min(bytes, pages().freeBytes()) / pages().size();
        if (wanted <= 0) {
            return true;
        }
        while (wanted > 0) {
            if (!mayStep()) {
                return false;
            }
            int some = (int) Math.min(wanted, PAGES_PER_STEP);
            long given = locked(() -> transactions.run("Giving pages back", () -> database.vacuum(some)));
            // None at all: a file that was made without auto_vacuum.
            wanted = given == 0 ? 0 : wanted - given;
        }
        wal.checkpoint();
        return true;
    }

    /** One step of evicting what is not pending; returns where to go on. */
    long historyStep(Reason reason, long until, int samplesPerPage) throws StoreException, SQLException {
        return step(reason, () -> eviction.history(until, samplesPerPage));
    }

    /** One step of evicting what is pending; returns where to go on. */
    long pendingStep(Reason reason, boolean[] levels, long from, long until, int samplesPerPage)
            throws StoreException, SQLException {
        return step(reason, () -> eviction.pending(levels, from, until, samplesPerPage));
    }

    /** Removes the series without samples that were not seen since a time. */
    int removeUnusedSeries(long before) throws StoreException, SQLException {
        return locked(() -> transactions.run("Removing unused series", () -> eviction.unusedSeries(before)));
    }

    private long step(Reason reason, Transactions.Work<Eviction.Step> work) throws StoreException, SQLException {
        Eviction.Step step = locked(() -> {
            Eviction.Step done = transactions.run("Evicting samples", work);
            eviction.committed(done);
            changed.run();
            return done;
        });
        counts.add(reason, step.samples());
        losses.count(reason, step.samples());
        return step.next();
    }

    private boolean mayStep() {
        if (stopped || stepsLeft == 0) {
            return false;
        }
        stepsLeft--;
        // The lock is not fair: without a pause this thread would take it again before an append that waits.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        return true;
    }

    private interface Locked<T> {
        T run() throws StoreException, SQLException;
    }

    private <T> T locked(Locked<T> work) throws StoreException, SQLException {
        writer.lock();
        try {
            return work.run();
        } finally {
            writer.unlock();
        }
    }

    private Database.Pages pages() throws SQLException {
        writer.lock();
        try {
            return database.pages();
        } finally {
            writer.unlock();
        }
    }

    private long usable() {
        try {
            return freeSpace.usable(database.file());
        } catch (IOException e) {
            // A file system that does not tell; it will refuse a write when it is full.
            return Long.MAX_VALUE;
        }
    }

    private void noteDisk(long free, long minFree) {
        boolean low = free < minFree;
        if (low && !diskIsLow) {
            LOG.warn(
                    "The file system of {} has {} bytes left, less than min.free ({}): delivered samples are evicted;"
                            + " make room, or lower min.free",
                    database.file(),
                    free,
                    minFree);
        } else if (diskIsLow && !low) {
            LOG.info("The file system of {} has enough room again", database.file());
        }
        diskIsLow = low;
    }
}
