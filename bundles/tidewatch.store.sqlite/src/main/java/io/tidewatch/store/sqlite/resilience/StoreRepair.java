package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store and keeps it working. In trouble ({@link StoreCondition}) at most every five seconds one of the callers
 * starts a repair, on a thread that lives as long as the repair does.
 *
 * <p>Two locks, always taken in this order: that of {@link #exclusively}, held during a repair, which may copy a whole
 * database; and that of the condition.
 */
public final class StoreRepair {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRepair.class);

    private final DatabasePlace place;
    private final FaultTolerantStore.Opener opener;
    private final Executor repairs;
    private final WaitingSamples waiting;
    private final StoreCondition condition;
    private final ReentrantLock repair = new ReentrantLock();

    /** What is done while no repair goes on. */
    interface Work<T> {
        T run() throws StoreException;
    }

    /** Opens the store, or begins in trouble; see {@link FaultTolerantStore}. */
    public StoreRepair(
            DatabasePlace place,
            FaultTolerantStore.Opener opener,
            StoreCondition condition,
            WaitingSamples waiting,
            Executor repairs)
            throws StoreException {
        this.place = place;
        this.opener = opener;
        this.condition = condition;
        this.waiting = waiting;
        this.repairs = repairs;
        try {
            open(false);
        } catch (StoreException e) {
            if (!Failures.isOfTheDisk(e)) {
                throw e;
            }
            condition.failed(null, e);
        } catch (RuntimeException | Error e) {
            condition.failed(null, Failures.of("Opening the store", place.file(), e));
        }
    }

    /** The store, unless there is trouble that does not end now. */
    public @Nullable SqliteStore usable() throws StoreException {
        if (condition.isRepairDue()) {
            repairs.execute(this::repair);
        }
        return condition.working();
    }

    /** See {@link SqliteStore#exclusive}. */
    boolean exclusive(boolean wanted) throws StoreException {
        return exclusively(() -> {
            SqliteStore current = condition.present();
            if (place.isGone()) {
                condition.gone(current);
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
    <T> T exclusively(Work<T> work) throws StoreException {
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
            if (condition.isClosed()) {
                return;
            }
            if (condition.trouble() != null
                    && !condition.isDamaged()
                    && condition.current() != null
                    && !place.isGone()) {
                tryAgain();
            }
            condition.close();
            SqliteStore current = condition.current();
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

    /** Tries again, unless another thread does. */
    private void repair() {
        if (!repair.tryLock()) {
            return;
        }
        try {
            if (condition.needsRepair()) {
                tryAgain();
            }
        } finally {
            repair.unlock();
        }
    }

    /** The caller holds the repair lock. */
    private void tryAgain() {
        try {
            long written = waiting.writeTo(opened(), condition::works);
            LOG.info("The disk of {} takes samples again; {} that waited in memory are written", place.file(), written);
        } catch (StoreException e) {
            condition.failed(condition.current(), e);
        } catch (RuntimeException | Error e) {
            condition.failed(condition.current(), Failures.of("Recovering the database", place.file(), e));
        }
    }

    /** The store, opened again if that is needed. The caller holds the repair lock. */
    private SqliteStore opened() throws StoreException {
        SqliteStore current = condition.current();
        boolean damage = condition.isDamaged();
        if (current != null && place.isGone()) {
            moveAway(current);
        } else if (current != null && damage) {
            condition.none();
            current.close();
        } else if (current != null) {
            return current;
        }
        return open(damage);
    }

    private SqliteStore open(boolean damage) throws StoreException {
        StoreSettings settings = condition.settings();
        Recovery.Result recovered = place.recover(damage);
        SqliteStore fresh = opener.open(settings, condition::failedInBackground);
        place.opened();
        condition.opened(fresh, recovered);
        fresh.configure(condition.settings());
        return fresh;
    }

    /** Now and then: is the file still there? */
    void look(SqliteStore current) throws StoreException {
        if (!condition.isLookDue() || !repair.tryLock()) {
            return;
        }
        try {
            if (!place.isGone()) {
                return;
            }
        } finally {
            repair.unlock();
        }
        condition.gone(current);
        usable();
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
        condition.none();
    }
}
