package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The condition of a store: it works, or it is in trouble. Trouble begins with a failure and ends when the disk has taken a
 * write and no sample waits in memory; while the store works, none does. Its lock is never held during input or output.
 */
public final class StoreCondition {
    private record Trouble(String message, boolean damage) {}

    private static final Logger LOG = LoggerFactory.getLogger(StoreCondition.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final DatabasePlace place;
    private final WaitingSamples waiting;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private StoreSettings settings;
    private @Nullable SqliteStore store;
    private @Nullable Trouble trouble;
    private boolean closed;
    private long nextTry;
    private long nextLook;
    private Recovery.@Nullable Result recovery;

    public StoreCondition(DatabasePlace place, WaitingSamples waiting, StoreSettings settings, LongSupplier nanoTime) {
        this.place = place;
        this.waiting = waiting;
        this.settings = settings;
        this.nanoTime = nanoTime;
        nextTry = nanoTime.getAsLong();
        nextLook = nextTry + RETRY_NANOS;
    }

    /** Notes the settings for stores to come; returns the one that is open now. */
    synchronized @Nullable SqliteStore configure(StoreSettings settings) {
        this.settings = settings;
        return store;
    }

    synchronized StoreSettings settings() {
        return settings;
    }

    /** The store; null in trouble. */
    synchronized @Nullable SqliteStore working() throws StoreException {
        requireOpen();
        return trouble == null ? store : null;
    }

    /** Whether a repair is due, which none is for five seconds from then on. */
    synchronized boolean isRepairDue() throws StoreException {
        requireOpen();
        long now = nanoTime.getAsLong();
        if (trouble == null || now - nextTry < 0) {
            return false;
        }
        nextTry = now + RETRY_NANOS;
        return true;
    }

    /** Whether a look at the file is due, which none is for five seconds from then on. */
    synchronized boolean isLookDue() {
        if (nanoTime.getAsLong() - nextLook < 0) {
            return false;
        }
        nextLook = nanoTime.getAsLong() + RETRY_NANOS;
        return true;
    }

    /** Whether a repair makes sense: there is trouble, and the store is not closed. */
    synchronized boolean needsRepair() {
        return trouble != null && !closed;
    }

    synchronized boolean isDamaged() {
        return trouble != null && trouble.damage();
    }

    /** The store, in trouble or not; none is a failure. */
    synchronized SqliteStore present() throws StoreException {
        requireOpen();
        if (store == null) {
            throw new StoreException(trouble == null ? "The database is being opened; try again" : trouble.message());
        }
        return store;
    }

    /** The store, in trouble or not; null if none is open. */
    public synchronized @Nullable SqliteStore current() {
        return store;
    }

    /** What is wrong with the disk and what to do; null if nothing is. */
    synchronized @Nullable String trouble() {
        return trouble == null ? null : trouble.message();
    }

    synchronized Recovery.@Nullable Result recovery() {
        return recovery;
    }

    /** Puts a batch into memory; null if there is no trouble any more: nothing would write it from there. */
    public synchronized @Nullable AppendResult defer(SampleBatch batch) throws StoreException {
        requireOpen();
        return trouble == null ? null : waiting.defer(batch);
    }

    /** A call failed: trouble begins or continues, unless the failing store has been replaced since. */
    public synchronized void failed(@Nullable SqliteStore failing, StoreException e) {
        if (!closed && (failing == store || trouble != null)) {
            begin(e);
        }
    }

    /** A failure on the store's own threads: those of the disk are retried there, damage needs a repair. */
    synchronized void failedInBackground(StoreException e) {
        if (Failures.isDamage(e)) {
            begin(e);
        }
    }

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

    /** The file was deleted or replaced under this store. */
    synchronized void gone(SqliteStore current) {
        if (current == store && !closed && trouble == null) {
            LOG.error("{} was deleted or replaced while it was in use; it is written anew", place.file());
            trouble = new Trouble(place.file() + " was deleted or replaced while it was in use", false);
            nextTry = nanoTime.getAsLong();
        }
    }

    /** No store is open now. */
    synchronized void none() {
        store = null;
    }

    /** A store was opened, perhaps after a recovery. */
    synchronized void opened(SqliteStore fresh, Recovery.@Nullable Result recovered) {
        store = fresh;
        recovery = recovered == null ? recovery : recovered;
        if (trouble != null) {
            trouble = new Trouble(trouble.message(), false);
        }
    }

    /** The ring is empty, as seen by its caller, which blocks additions until this returns. */
    synchronized boolean works() {
        if (waiting.count() > 0) {
            return false;
        }
        trouble = null;
        return true;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Refuses everything from now on, and gives up what waits. */
    synchronized void close() {
        closed = true;
        waiting.giveUp();
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }
}
