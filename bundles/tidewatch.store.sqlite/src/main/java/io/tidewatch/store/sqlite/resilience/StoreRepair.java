package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store and keeps it working. The store works, or it is in trouble. Trouble begins with a failure and ends when the
 * disk has taken a write and no sample waits in memory; while the store works, none does. In trouble at most every five
 * seconds one of the callers starts a repair, on a thread that lives as long as the repair does.
 *
 * <p>Two locks, always taken in this order: that of {@link #exclusively}, held during a repair, which may copy a whole
 * database; and {@code condition}, which guards the fields and is never held during input or output.
 */
public final class StoreRepair {
    private record Trouble(String message, boolean damage) {}

    private static final Logger LOG = LoggerFactory.getLogger(StoreRepair.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final DatabasePlace place;
    private final FaultTolerantStore.Opener opener;
    private final LongSupplier nanoTime;
    private final Executor repairs;
    private final WaitingSamples waiting;
    private final ReentrantLock repair = new ReentrantLock();
    private final Object condition = new Object();

    // Guarded by condition.
    private StoreSettings settings;
    private @Nullable SqliteStore store;
    private @Nullable Trouble trouble;
    private boolean closed;
    private long nextTry;
    private long nextLook;
    private Recovery.@Nullable Result recovery;

    /** What is done while no repair goes on. */
    public interface Work<T> {
        T run() throws StoreException;
    }

    /**
     * Opens the store, or begins in trouble if the disk does not let it.
     *
     * @param opener opens the database; what it throws for another reason than the disk is thrown on
     * @param waiting samples in memory
     * @param repairs runs a repair; it may refuse one while it runs another
     * @throws StoreException if the file is none of ours
     */
    public StoreRepair(
            DatabasePlace place,
            FaultTolerantStore.Opener opener,
            StoreSettings settings,
            WaitingSamples waiting,
            LongSupplier nanoTime,
            Executor repairs)
            throws StoreException {
        this.place = place;
        this.opener = opener;
        this.settings = settings;
        this.waiting = waiting;
        this.nanoTime = nanoTime;
        this.repairs = repairs;
        nextTry = nanoTime.getAsLong();
        nextLook = nextTry + RETRY_NANOS;
        try {
            open(false);
        } catch (StoreException e) {
            if (!Failures.isOfTheDisk(e)) {
                throw e;
            }
            failed(null, e);
        } catch (RuntimeException | Error e) {
            failed(null, Failures.of("Opening the store", place.file(), e));
        }
    }

    /** Goes on with other settings. */
    public void configure(StoreSettings settings) {
        SqliteStore current;
        synchronized (condition) {
            this.settings = settings;
            current = store;
        }
        if (current != null) {
            current.configure(settings);
        }
    }

    /** The store, unless there is trouble that does not end now. */
    @Nullable
    public SqliteStore usable() throws StoreException {
        synchronized (condition) {
            requireOpen();
            long now = nanoTime.getAsLong();
            if (trouble == null || now - nextTry < 0) {
                return trouble == null ? store : null;
            }
            nextTry = now + RETRY_NANOS;
        }
        repairs.execute(this::repair);
        synchronized (condition) {
            return trouble == null ? store : null;
        }
    }

    /**
     * The store, in trouble or not.
     *
     * @throws StoreException if none is open
     */
    public SqliteStore present() throws StoreException {
        synchronized (condition) {
            requireOpen();
            if (store == null) {
                throw new StoreException(
                        trouble == null ? "The database is being opened; try again" : trouble.message());
            }
            return store;
        }
    }

    /** The store, in trouble or not; null if none is open. */
    @Nullable
    public SqliteStore current() {
        synchronized (condition) {
            return store;
        }
    }

    /** What is wrong with the disk and what to do; null if nothing is. */
    @Nullable
    public String trouble() {
        synchronized (condition) {
            return trouble == null ? null : trouble.message();
        }
    }

    /** The result of the last recovery of a damaged file since the start; null if there was none. */
    public Recovery.@Nullable Result recovery() {
        synchronized (condition) {
            return recovery;
        }
    }

    /**
     * Puts a batch into memory.
     *
     * @return null if there is no trouble any more: nothing would write it from there
     * @throws StoreException if the store is closed
     */
    @Nullable
    public AppendResult defer(SampleBatch batch) throws StoreException {
        synchronized (condition) {
            requireOpen();
            return trouble == null ? null : waiting.defer(batch);
        }
    }

    /** See {@link SqliteStore#exclusive}. */
    public boolean exclusive(boolean wanted) throws StoreException {
        return exclusively(() -> {
            SqliteStore current = present();
            if (place.isGone()) {
                gone(current);
                throw new StoreException(place.file() + " was deleted or replaced and is written anew; try again");
            }
            try {
                return current.exclusive(wanted);
            } finally {
                // Another log, if only because the last connection removes the one that it leaves empty.
                place.opened();
            }
        });
    }

    /** Does something while nothing is written from memory to the store. */
    public <T> T exclusively(Work<T> work) throws StoreException {
        repair.lock();
        try {
            return work.run();
        } finally {
            repair.unlock();
        }
    }

    /** Writes what waits, if the disk takes it, and closes the database. Idempotent. */
    public void close() {
        repair.lock();
        try {
            Trouble now;
            SqliteStore current;
            synchronized (condition) {
                if (closed) {
                    return;
                }
                now = trouble;
                current = store;
            }
            if (now != null && !now.damage() && current != null && !place.isGone()) {
                tryAgain();
            }
            synchronized (condition) {
                closed = true;
                waiting.giveUp();
                current = store;
            }
            if (current != null) {
                end(current);
                LOG.info(
                        "{} is closed; {} samples are pending and stay in it",
                        place.file(),
                        current.status().pendingSamples());
            }
        } finally {
            repair.unlock();
        }
    }

    private void end(SqliteStore current) {
        try {
            if (place.isGone()) {
                // The next start takes it up.
                moveAway(current);
                return;
            }
        } catch (StoreException e) {
            waiting.lost(current.status().pendingSamples());
            LOG.error("{} was deleted and cannot be written anew; what was in it is lost", place.file(), e);
        }
        current.close();
    }

    /** A failure on the store's own threads: those of the disk are retried there, damage needs a repair. */
    private void failedInBackground(StoreException e) {
        if (Failures.isDamage(e)) {
            synchronized (condition) {
                begin(e);
            }
        }
    }

    /** A call failed: trouble begins, or goes on, unless the store that failed has been replaced meanwhile. */
    public void failed(@Nullable SqliteStore failing, StoreException e) {
        synchronized (condition) {
            if (!closed && (failing == store || trouble != null)) {
                begin(e);
            }
        }
    }

    /** The caller holds the condition. */
    private void begin(StoreException e) {
        boolean damage = Failures.isDamage(e) || (trouble != null && trouble.damage());
        if (damage && store != null) {
            store.distrust();
        }
        if (trouble == null) {
            LOG.error("{}. Samples wait in memory until the disk takes them", e.getMessage(), Failures.stackOfBugs(e));
            nextTry = nanoTime.getAsLong() + (damage ? 0 : RETRY_NANOS);
        }
        trouble = new Trouble(String.valueOf(e.getMessage()), damage);
    }

    /** Tries again, unless another thread does. */
    private void repair() {
        if (!repair.tryLock()) {
            return;
        }
        try {
            synchronized (condition) {
                if (trouble == null || closed) {
                    return;
                }
            }
            tryAgain();
        } finally {
            repair.unlock();
        }
    }

    /** The caller holds the repair lock. */
    private void tryAgain() {
        try {
            long written = waiting.writeTo(opened(), this::works);
            LOG.info("The disk of {} takes samples again; {} that waited in memory are written", place.file(), written);
        } catch (StoreException e) {
            failed(current(), e);
        } catch (RuntimeException | Error e) {
            failed(current(), Failures.of("Recovering the database", place.file(), e));
        }
    }

    /** The ring is empty, as seen by its caller, who lets nothing be added meanwhile if this returns true. */
    private boolean works() {
        synchronized (condition) {
            if (waiting.count() > 0) {
                return false;
            }
            trouble = null;
            return true;
        }
    }

    /** The store, opened again if that is needed. The caller holds the repair lock. */
    private SqliteStore opened() throws StoreException {
        SqliteStore current;
        boolean damage;
        synchronized (condition) {
            current = store;
            damage = trouble != null && trouble.damage();
        }
        if (current != null && place.isGone()) {
            moveAway(current);
        } else if (current != null && damage) {
            synchronized (condition) {
                store = null;
            }
            current.close();
        } else if (current != null) {
            return current;
        }
        return open(damage);
    }

    private SqliteStore open(boolean damage) throws StoreException {
        StoreSettings now;
        synchronized (condition) {
            now = settings;
        }
        Recovery.Result recovered = place.recover(damage);
        SqliteStore fresh = opener.open(now, this::failedInBackground);
        place.opened();
        synchronized (condition) {
            store = fresh;
            recovery = recovered == null ? recovery : recovered;
            if (trouble != null) {
                trouble = new Trouble(trouble.message(), false);
            }
            now = settings;
        }
        fresh.configure(now);
        return fresh;
    }

    /** Now and then: is the file still there? */
    public void look(SqliteStore current) throws StoreException {
        synchronized (condition) {
            if (nanoTime.getAsLong() - nextLook < 0) {
                return;
            }
            nextLook = nanoTime.getAsLong() + RETRY_NANOS;
        }
        if (!repair.tryLock()) {
            return;
        }
        try {
            if (!place.isGone()) {
                return;
            }
        } finally {
            repair.unlock();
        }
        gone(current);
        usable();
    }

    private void gone(SqliteStore current) {
        synchronized (condition) {
            if (current == store && !closed && trouble == null) {
                LOG.error("{} was deleted or replaced while it was in use; it is written anew", place.file());
                trouble = new Trouble(place.file() + " was deleted or replaced while it was in use", false);
                nextTry = nanoTime.getAsLong();
            }
        }
    }

    /** The file was deleted or replaced under the running store, which is the only one that still has all of it. */
    private void moveAway(SqliteStore current) throws StoreException {
        try {
            place.rescue(current);
        } catch (StoreException e) {
            if (!Failures.isDamage(e)) {
                throw e;
            }
            waiting.lost(current.status().pendingSamples());
            LOG.error("{} was deleted and what was in it cannot be read; it is lost", place.file(), e);
            current.close();
        }
        synchronized (condition) {
            store = null;
        }
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }
}
