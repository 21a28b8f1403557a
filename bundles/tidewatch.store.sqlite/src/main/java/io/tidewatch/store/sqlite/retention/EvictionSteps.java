package io.tidewatch.store.sqlite.retention;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.delivery.Transactions;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Evicts samples and gives pages back in small transactions, of which a pass makes only so many; between two of them
 * appends have their turn. For one thread, but for {@link #stop} and {@link #counts}.
 */
public final class EvictionSteps {
    public interface Condition {
        boolean holds() throws SQLException;
    }

    private static final int PAGES_PER_STEP = 1000;

    private final Database database;
    private final ReentrantLock writer;
    private final Transactions transactions;
    private final Eviction eviction;
    private final Runnable changed;
    private final EvictionCounts counts = new EvictionCounts();
    private volatile boolean stopped;
    private int stepsLeft;

    /**
     * @param writer held during every step
     * @param changed called after every step, with the writer lock held
     */
    public EvictionSteps(
            Database database, ReentrantLock writer, Transactions transactions, Eviction eviction, Runnable changed) {
        this.database = database;
        this.writer = writer;
        this.transactions = transactions;
        this.eviction = eviction;
        this.changed = changed;
    }

    public void allow(int steps) {
        stepsLeft = steps;
    }

    /** Ends the eviction after the current step. */
    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    public EvictionCounts counts() {
        return counts;
    }

    /** Evicts what is not pending before a time, until it is enough; returns whether that is done. */
    public boolean history(Reason reason, long until, Condition enough) throws StoreException, SQLException {
        return evict(until, enough, next -> historyStep(reason, until, Eviction.SAMPLES));
    }

    /** Evicts what is pending before a time, of some priority levels, until it is enough; returns whether that is done. */
    public boolean pending(Reason reason, boolean[] levels, long until, Condition enough)
            throws StoreException, SQLException {
        return evict(until, enough, next -> pendingStep(reason, levels, next, until, Eviction.SAMPLES));
    }

    private interface Step {
        /** Returns where to go on. */
        long from(long next) throws StoreException, SQLException;
    }

    private boolean evict(long until, Condition enough, Step step) throws StoreException, SQLException {
        long next = 0;
        while (next < until && !enough.holds()) {
            if (!mayStep()) {
                return false;
            }
            next = step.from(next);
        }
        return true;
    }

    /** Gives up to that many bytes of unused pages back at the next checkpoint; returns whether that is done. */
    public boolean giveBack(long bytes) throws StoreException, SQLException {
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
        return true;
    }

    /** One step of evicting what is not pending; returns where to go on. */
    public long historyStep(Reason reason, long until, int samplesPerStep) throws StoreException, SQLException {
        return step(reason, () -> eviction.history(until, samplesPerStep));
    }

    /** One step of evicting what is pending; returns where to go on. */
    public long pendingStep(Reason reason, boolean[] levels, long from, long until, int samplesPerStep)
            throws StoreException, SQLException {
        return step(reason, () -> eviction.pending(levels, from, until, samplesPerStep));
    }

    public void removeUnusedSeries() throws StoreException, SQLException {
        locked(() -> {
            long oldest = transactions.run("Removing unused series", eviction::removeUnusedSeries);
            eviction.unusedRemoved(oldest);
            return oldest;
        });
    }

    private long step(Reason reason, Transactions.Work<Eviction.Step> work) throws StoreException, SQLException {
        Eviction.Step step = locked(() -> {
            Eviction.Step done = transactions.run("Evicting samples", work);
            changed.run();
            return done;
        });
        counts.add(reason, step.samples());
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

    public <T> T locked(Transactions.Work<T> work) throws StoreException, SQLException {
        writer.lock();
        try {
            return work.run();
        } finally {
            writer.unlock();
        }
    }

    public Database.Pages pages() throws SQLException {
        writer.lock();
        try {
            return database.pages();
        } finally {
            writer.unlock();
        }
    }
}
