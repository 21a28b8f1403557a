package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that outlives its disk. What cannot be written waits in a bounded ring in memory and is written, in order, when
 * the disk works again; a database that turns out to be damaged, or was deleted, is replaced while the agent runs.
 *
 * <p>Trouble begins with a failure and ends when everything that waited is written. Meanwhile appends go to the ring at
 * once, and one of the callers tries again at most every five seconds. There is no thread for it: where nobody appends or
 * asks, nothing waits. Only what takes long, as copying a database does, is handed to a thread for as long as it takes.
 */
final class FaultTolerantStore implements SampleStore, AutoCloseable {
    /**
     * How the store fares.
     *
     * @param store the store itself; null while none can be opened
     * @param versions versions of its tables, the newest first; empty while none can be opened
     * @param trouble what is wrong with the disk and what to do; null if nothing is
     * @param ringSamples samples that wait in memory
     * @param ringDropped samples that had to make room there, or were left there at the end, since the start
     * @param recovery what came of the last recovery of a damaged file since the start; null if there was none
     */
    record State(
            SqliteStore.@Nullable State store,
            List<Integer> versions,
            @Nullable String trouble,
            long ringSamples,
            long ringDropped,
            Recovery.@Nullable Result recovery) {}

    /** Opens the database. */
    interface Opener {
        SqliteStore open(StoreSettings settings) throws StoreException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FaultTolerantStore.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final DatabasePlace place;
    private final Opener opener;
    private final LongSupplier nanoTime;
    private final ReentrantLock lifecycle = new ReentrantLock();
    private final WaitingSamples waiting;
    private final Executor longWork;

    private volatile StoreSettings settings;
    private volatile @Nullable SqliteStore store;
    private volatile @Nullable String trouble;
    private volatile boolean closed;
    private volatile Recovery.@Nullable Result recovery;
    private volatile long nextTry;
    private volatile long nextLook;
    private volatile @Nullable Handed handed;
    private @Nullable ClockSetting movedInMemory;
    private volatile boolean suspicious;
    private boolean worn;

    private record ClockSetting(Instant until, Duration step) {}

    private record Handed(SqliteStore by, Delivery delivery) {}

    /** As below, with long work done by the caller who meets with it. */
    FaultTolerantStore(
            DatabasePlace place,
            Opener opener,
            StoreSettings settings,
            long ringSamples,
            Clock clock,
            LongSupplier nanoTime)
            throws StoreException {
        this(place, opener, settings, ringSamples, clock, nanoTime, Runnable::run);
    }

    /**
     * Opens the store, or begins in trouble if the disk does not let it.
     *
     * @param longWork does what takes as long as copying a database; it may refuse while it does so already
     * @param opener opens the database; what it throws for another reason than the disk is thrown on
     * @throws StoreException if the file is none of ours
     */
    FaultTolerantStore(
            DatabasePlace place,
            Opener opener,
            StoreSettings settings,
            long ringSamples,
            Clock clock,
            LongSupplier nanoTime,
            Executor longWork)
            throws StoreException {
        this.place = place;
        this.longWork = longWork;
        this.opener = opener;
        this.settings = settings;
        this.nanoTime = nanoTime;
        waiting = new WaitingSamples(place.file(), ringSamples, clock);
        nextTry = nanoTime.getAsLong();
        nextLook = nextTry + RETRY_NANOS;
        try {
            open();
        } catch (StoreException e) {
            if (!Failures.isOfTheDisk(e)) {
                throw e;
            }
            begin(e);
        }
    }

    /** Goes on with other settings. */
    void configure(StoreSettings settings, long ringSamples) {
        this.settings = settings;
        waiting.resize(ringSamples);
        SqliteStore current = store;
        if (current != null) {
            current.configure(settings);
        }
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        requireOpen();
        SqliteStore current = usable();
        if (current != null) {
            try {
                AppendResult result = current.append(batch);
                look(current);
                return result;
            } catch (StoreException e) {
                requireOpen();
                failed(current, e);
            }
        }
        return waiting.defer(batch);
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        requireOpen();
        usable();
        SqliteStore current = present();
        try {
            Optional<Delivery> delivery = current.next(query);
            handed = delivery.map(one -> new Handed(current, one)).orElse(null);
            return delivery;
        } catch (StoreException e) {
            note(current, e);
            throw e;
        }
    }

    @Override
    public void settle(Delivery delivery, Settlement settlement) throws StoreException {
        SqliteStore current = present();
        Handed last = handed;
        if (last != null && last.delivery() == delivery && last.by() != current) {
            throw new StoreException("The database was replaced while a delivery was under way; it is sent again");
        }
        try {
            current.settle(delivery, settlement);
        } catch (StoreException e) {
            note(current, e);
            throw e;
        }
    }

    @Override
    public long reopen(Instant acknowledgedSince) throws StoreException {
        return present().reopen(acknowledgedSince);
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        // While nothing is written from the ring to the store: a sample is in one of them.
        lifecycle.lock();
        try {
            return present().shift(from, until, step) + waiting.shift(from, until, step);
        } finally {
            lifecycle.unlock();
        }
    }

    @Override
    public Optional<UUID> session() {
        SqliteStore current = store;
        return current == null ? Optional.empty() : current.session();
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        lifecycle.lock();
        try {
            long moved = 0;
            ClockSetting setting = new ClockSetting(until, step);
            if (!setting.equals(movedInMemory)) {
                // First, and also without a database: what is written from here later belongs to no session of before.
                moved = waiting.shift(Instant.MIN, until, step);
                movedInMemory = setting;
            }
            return moved + present().clockSet(until, step);
        } finally {
            lifecycle.unlock();
        }
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        return present().continueClock();
    }

    @Override
    public void clockConfirmed() throws StoreException {
        present().clockConfirmed();
    }

    @Override
    public StoreStatus status() {
        SqliteStore current = store;
        return current == null ? new StoreStatus(0, 0, 0, Optional.empty(), 0) : current.status();
    }

    /** How the store fares, as of the last change; returns at once. */
    State state() {
        SqliteStore current = store;
        return new State(
                current == null ? null : current.state(),
                current == null ? List.of() : current.schemaVersions(),
                trouble,
                waiting.count(),
                waiting.lost(),
                recovery);
    }

    /** Writes what waits, if the disk takes it, and closes the database. Idempotent. */
    @Override
    public void close() {
        lifecycle.lock();
        try {
            if (closed) {
                return;
            }
            if (trouble != null && !takesLong()) {
                tryAgain();
            }
            closed = true;
            waiting.giveUp();
            SqliteStore current = store;
            if (current != null) {
                end(current);
            }
        } finally {
            lifecycle.unlock();
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

    /** The store, unless there is trouble that does not end now. */
    private @Nullable SqliteStore usable() {
        if (trouble == null) {
            return store;
        }
        if (nanoTime.getAsLong() - nextTry < 0) {
            return null;
        }
        if (takesLong()) {
            longWork.execute(this::mend);
        } else {
            mend();
        }
        return trouble == null ? store : null;
    }

    /** Whether the next try may copy a whole database. */
    private boolean takesLong() {
        return store == null || suspicious || place.isGone();
    }

    /** Tries again, unless another thread does. */
    private void mend() {
        if (!lifecycle.tryLock()) {
            return;
        }
        try {
            if (trouble != null && !closed) {
                tryAgain();
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private SqliteStore present() throws StoreException {
        requireOpen();
        SqliteStore current = store;
        if (current == null) {
            throw new StoreException(String.valueOf(trouble));
        }
        return current;
    }

    /** A call failed: trouble begins, or goes on. */
    private void failed(SqliteStore failing, StoreException e) {
        if (failing != store) {
            // Somebody replaces it, which may take long.
            return;
        }
        lifecycle.lock();
        try {
            if (failing == store) {
                begin(e);
            }
        } finally {
            lifecycle.unlock();
        }
    }

    private void note(SqliteStore current, StoreException e) {
        if (Failures.isOfTheDisk(e) || DamageCheck.isDamage(e.getCause())) {
            failed(current, e);
        }
    }

    private void begin(StoreException e) {
        suspicious |= DamageCheck.isDamage(e.getCause());
        worn |= !Failures.leavesStatements(e);
        if (trouble == null) {
            LOG.error("{}. Samples wait in memory until the disk takes them", e.getMessage());
            nextTry = nanoTime.getAsLong() + (suspicious ? 0 : RETRY_NANOS);
        }
        trouble = e.getMessage();
    }

    /** The caller holds the lifecycle lock. */
    private void tryAgain() {
        nextTry = nanoTime.getAsLong() + RETRY_NANOS;
        try {
            SqliteStore current = store;
            if (current != null && place.isGone()) {
                moveAway(current);
            } else if (current != null && (suspicious || worn)) {
                if (!suspicious) {
                    // As long as nothing can be written, the old connection is good for reading.
                    current.probe();
                }
                store = null;
                current.close();
            }
            if (store == null) {
                open();
            }
            long written = waiting.writeTo(present());
            LOG.info("The disk of {} takes samples again; {} that waited in memory are written", place.file(), written);
            trouble = null;
        } catch (StoreException e) {
            begin(e);
        }
    }

    private void open() throws StoreException {
        Recovery.Result recovered = place.recover(suspicious);
        if (recovered != null) {
            recovery = recovered;
        }
        store = opener.open(settings);
        suspicious = false;
        worn = false;
        place.opened();
    }

    /** Now and then: is the file still there? */
    private void look(SqliteStore current) {
        if (nanoTime.getAsLong() - nextLook < 0) {
            return;
        }
        nextLook = nanoTime.getAsLong() + RETRY_NANOS;
        if (!place.isGone() || !lifecycle.tryLock()) {
            return;
        }
        try {
            if (current == store && !closed) {
                LOG.error("{} was deleted or replaced while it was in use; it is written anew", place.file());
                trouble = place.file() + " was deleted or replaced while it was in use";
                nextTry = nanoTime.getAsLong();
            }
        } finally {
            lifecycle.unlock();
        }
        usable();
    }

    /** The file was deleted or replaced under the running store, which still has all of it, and nobody else. */
    private void moveAway(SqliteStore current) throws StoreException {
        try {
            place.rescue(current);
        } catch (StoreException e) {
            if (!DamageCheck.isDamage(e.getCause())) {
                throw e;
            }
            waiting.lost(current.status().pendingSamples());
            LOG.error("{} was deleted and what was in it cannot be read; it is lost", place.file(), e);
            current.close();
        }
        store = null;
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }
}
