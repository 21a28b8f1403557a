package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
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
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that outlives its disk. Samples that cannot be written wait in a bounded ring in memory and are written, in
 * order, when the disk works again; a database that is damaged, or was deleted, is replaced while the agent runs.
 *
 * <p>The store works, or it is in trouble. Trouble begins with a failure and ends when the disk has taken a write and the
 * ring is empty; while the store works, the ring is empty. In trouble appends go to the ring at once, and at most every
 * five seconds one of the callers starts a repair, on a thread that lives as long as the repair does.
 *
 * <p>Two locks, always taken in this order: {@code repair} is held during a repair, which may copy a whole database;
 * {@code condition} guards the fields and is never held during input or output.
 */
final class FaultTolerantStore implements SampleStore, AutoCloseable {
    /**
     * The condition of the store.
     *
     * @param store the store itself; null while none can be opened
     * @param versions versions of its tables, the newest first; empty while none can be opened
     * @param trouble what is wrong with the disk and what to do; null if nothing is
     * @param ringSamples samples that wait in memory
     * @param ringDropped samples that the ring had no room for, or that were left in it at the end, since the start
     * @param unstorable samples that no disk takes, since the start
     * @param recovery the result of the last recovery of a damaged file since the start; null if there was none
     */
    record State(
            SqliteStore.@Nullable State store,
            List<Integer> versions,
            @Nullable String trouble,
            long ringSamples,
            long ringDropped,
            long unstorable,
            Recovery.@Nullable Result recovery) {}

    /** Opens the database. */
    interface Opener {
        /** @param onFailure is told of what fails on the store's own threads */
        SqliteStore open(StoreSettings settings, Consumer<StoreException> onFailure) throws StoreException;
    }

    private interface Call<T> {
        T run(SqliteStore store) throws StoreException;
    }

    private record Trouble(String message, boolean damage) {}

    private record ClockSetting(Instant until, Duration step) {}

    private static final Logger LOG = LoggerFactory.getLogger(FaultTolerantStore.class);
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final DatabasePlace place;
    private final Opener opener;
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

    // Guarded by repair.
    private @Nullable ClockSetting movedInMemory;

    /** As below, with repairs made by the caller who starts them. */
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
     * @param opener opens the database; what it throws for another reason than the disk is thrown on
     * @param repairs runs a repair; it may refuse one while it runs another
     * @throws StoreException if the file is none of ours
     */
    FaultTolerantStore(
            DatabasePlace place,
            Opener opener,
            StoreSettings settings,
            long ringSamples,
            Clock clock,
            LongSupplier nanoTime,
            Executor repairs)
            throws StoreException {
        this.place = place;
        this.opener = opener;
        this.settings = settings;
        this.nanoTime = nanoTime;
        this.repairs = repairs;
        waiting = new WaitingSamples(place.file(), ringSamples, clock);
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
    void configure(StoreSettings settings, long ringSamples) {
        SqliteStore current;
        synchronized (condition) {
            this.settings = settings;
            current = store;
        }
        waiting.resize(ringSamples);
        if (current != null) {
            current.configure(settings);
        }
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        while (true) {
            SqliteStore current = usable();
            if (current != null) {
                try {
                    AppendResult result = current.append(batch);
                    look(current);
                    return result;
                } catch (StoreException e) {
                    if (Failures.isOfTheInput(e)) {
                        throw e;
                    }
                    failed(current, e);
                }
            }
            synchronized (condition) {
                requireOpen();
                // Otherwise a repair has ended meanwhile: nothing would write what is put into the ring now.
                if (trouble != null) {
                    return waiting.defer(batch);
                }
            }
        }
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        usable();
        SqliteStore current = present();
        try {
            return current.next(query);
        } catch (StoreException e) {
            // Reading is tried again by the caller; only a damaged file has to be replaced.
            if (Failures.isDamage(e)) {
                failed(current, e);
            }
            throw e;
        }
    }

    @Override
    public void settle(Delivery delivery, Settlement settlement) throws StoreException {
        writing(current -> {
            current.settle(delivery, settlement);
            return current;
        });
    }

    @Override
    public long reopen(Instant acknowledgedSince) throws StoreException {
        return writing(current -> current.reopen(acknowledgedSince));
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        // While nothing is written from the ring to the store: a sample is in one of them.
        repair.lock();
        try {
            return writing(current -> current.shift(from, until, step)) + waiting.shift(from, until, step);
        } finally {
            repair.unlock();
        }
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        repair.lock();
        try {
            long moved = 0;
            ClockSetting setting = new ClockSetting(until, step);
            if (!setting.equals(movedInMemory)) {
                // First, and also without a database: what is written from here later belongs to no earlier session.
                moved = waiting.shift(Instant.MIN, until, step);
                movedInMemory = setting;
            }
            return moved + writing(current -> current.clockSet(until, step));
        } finally {
            repair.unlock();
        }
    }

    @Override
    public Optional<UUID> session() {
        SqliteStore current = current();
        return current == null ? Optional.empty() : current.session();
    }

    @Override
    public StoreStatus status() {
        SqliteStore current = current();
        return current == null ? new StoreStatus(0, 0, 0, Optional.empty(), 0) : current.status();
    }

    /** The condition as of the last change; returns at once. */
    State state() {
        synchronized (condition) {
            SqliteStore current = store;
            return new State(
                    current == null ? null : current.state(),
                    current == null ? List.of() : current.schemaVersions(),
                    trouble == null ? null : trouble.message(),
                    waiting.count(),
                    waiting.lost(),
                    waiting.unstorable(),
                    recovery);
        }
    }

    /** Writes what waits, if the disk takes it, and closes the database. Idempotent. */
    @Override
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

    /** The store, unless there is trouble that does not end now. */
    private @Nullable SqliteStore usable() throws StoreException {
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

    private SqliteStore present() throws StoreException {
        synchronized (condition) {
            requireOpen();
            if (store == null) {
                throw new StoreException(
                        trouble == null ? "The database is being opened; try again" : trouble.message());
            }
            return store;
        }
    }

    private @Nullable SqliteStore current() {
        synchronized (condition) {
            return store;
        }
    }

    private <T> T writing(Call<T> call) throws StoreException {
        usable();
        SqliteStore current = present();
        try {
            return call.run(current);
        } catch (StoreException e) {
            if (Failures.isOfTheDisk(e) || Failures.isDamage(e)) {
                failed(current, e);
            }
            throw e;
        }
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
    private void failed(@Nullable SqliteStore failing, StoreException e) {
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
    private void look(SqliteStore current) throws StoreException {
        synchronized (condition) {
            if (nanoTime.getAsLong() - nextLook < 0) {
                return;
            }
            nextLook = nanoTime.getAsLong() + RETRY_NANOS;
        }
        if (!place.isGone()) {
            return;
        }
        synchronized (condition) {
            if (current == store && !closed && trouble == null) {
                LOG.error("{} was deleted or replaced while it was in use; it is written anew", place.file());
                trouble = new Trouble(place.file() + " was deleted or replaced while it was in use", false);
                nextTry = nanoTime.getAsLong();
            }
        }
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
