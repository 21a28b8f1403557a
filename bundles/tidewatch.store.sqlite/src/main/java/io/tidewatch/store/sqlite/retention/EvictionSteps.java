package io.tidewatch.store.sqlite.retention;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Evicts samples and gives pages back in small transactions, of which a pass makes only so many; between two of them
 * appends have their turn. For one thread, but for {@link #stop} and {@link #counts}.
 */
public final class EvictionSteps {
    public interface Condition {
        boolean holds() throws StoreException;
    }

    private static final String ACTION = "Evicting samples";
    private static final int PAGES_PER_STEP = 1000;

    private final Database database;
    private final Writer writer;
    private final Eviction eviction;
    private final EvictionCounts counts = new EvictionCounts();
    private volatile boolean stopped;
    private int stepsLeft;

    public EvictionSteps(Database database, Writer writer, Eviction eviction) {
        this.database = database;
        this.writer = writer;
        this.eviction = eviction;
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
    public boolean history(Reason reason, long until, Condition enough) throws StoreException {
        return evict(until, enough, next -> historyStep(reason, until, Eviction.SAMPLES));
    }

    /** Evicts what is pending before a time, of some priority levels, until it is enough; returns whether that is done. */
    public boolean pending(Reason reason, boolean[] levels, long until, Condition enough) throws StoreException {
        return evict(until, enough, next -> pendingStep(reason, levels, next, until, Eviction.SAMPLES));
    }

    private interface Step {
        /** Returns where to go on. */
        long from(long next) throws StoreException;
    }

    private boolean evict(long until, Condition enough, Step step) throws StoreException {
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
    public boolean giveBack(long bytes) throws StoreException {
        long wanted = Math.min(bytes, pages().freeBytes()) / pages().size();
        if (wanted <= 0) {
            return true;
        }
        while (wanted > 0) {
            if (!mayStep()) {
                return false;
            }
            int some = (int) Math.min(wanted, PAGES_PER_STEP);
            long given = writer.transaction("Giving pages back", () -> database.vacuum(some));
            // None at all: a file that was made without auto_vacuum.
            wanted = given == 0 ? 0 : wanted - given;
        }
        return true;
    }

    /** One step of evicting what is not pending; returns where to go on. */
    public long historyStep(Reason reason, long until, int samplesPerStep) throws StoreException {
        return step(reason, () -> eviction.history(until, samplesPerStep));
    }

    /** One step of evicting what is pending; returns where to go on. */
    public long pendingStep(Reason reason, boolean[] levels, long from, long until, int samplesPerStep)
            throws StoreException {
        return step(reason, () -> eviction.pending(levels, from, until, samplesPerStep));
    }

    public void removeUnusedSeries() throws StoreException {
        String action = "Removing unused series";
        writer.locked(action, () -> {
            long oldest = writer.transaction(action, eviction::removeUnusedSeries);
            eviction.unusedRemoved(oldest);
            return oldest;
        });
    }

    private long step(Reason reason, Writer.Work<Eviction.Step> work) throws StoreException {
        Eviction.Step step = writer.transaction(ACTION, work);
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

    public <T> T locked(Writer.Work<T> work) throws StoreException {
        return writer.locked(ACTION, work);
    }

    public Database.Pages pages() throws StoreException {
        return locked(database::pages);
    }
}
