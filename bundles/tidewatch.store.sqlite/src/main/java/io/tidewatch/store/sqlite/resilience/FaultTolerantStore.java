package io.tidewatch.store.sqlite.resilience;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreState;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store that outlives its disk. Samples that cannot be written wait in a bounded ring in memory and are written, in
 * order, when the disk works again; a database that is damaged, or was deleted, is replaced while the agent runs
 * ({@link StoreRepair}).
 */
public final class FaultTolerantStore implements SampleStore, AutoCloseable {
    /**
     * The condition of the store.
     *
     * @param store the store itself; null while none can be opened
     * @param trouble what is wrong with the disk and what to do; null if nothing is
     * @param ringSamples samples that wait in memory
     * @param ringDropped samples that the ring had no room for, or that were left in it at the end, since the start
     * @param unstorable samples that no disk takes, since the start
     * @param recovery the result of the last recovery of a damaged file since the start; null if there was none
     */
    public record State(
            @Nullable StoreState store,
            @Nullable String trouble,
            long ringSamples,
            long ringDropped,
            long unstorable,
            Recovery.@Nullable Result recovery) {}

    public interface Opener {
        /** @param onFailure receives failures of the store's own threads */
        SqliteStore open(StoreSettings settings, Consumer<StoreException> onFailure) throws StoreException;
    }

    private interface Call<T> {
        T run(SqliteStore store) throws StoreException;
    }

    private record ClockSetting(Instant until, Duration step) {}

    private final StoreCondition condition;
    private final StoreRepair repair;
    private final WaitingSamples waiting;
    private @Nullable ClockSetting movedInMemory;
    private boolean clockContinued;

    /**
     * Opens the store, or begins in trouble if the disk does not let it.
     *
     * @param opener opens the database; what it throws for another reason than the disk is thrown on
     * @param repairs runs a repair; it may refuse one while it runs another
     * @throws StoreException if the file is none of ours
     */
    public FaultTolerantStore(
            DatabasePlace place,
            Opener opener,
            StoreSettings settings,
            long ringSamples,
            Clock clock,
            LongSupplier nanoTime,
            Executor repairs)
            throws StoreException {
        waiting = new WaitingSamples(place.file(), ringSamples, clock);
        condition = new StoreCondition(place, waiting, settings, nanoTime);
        repair = new StoreRepair(place, opener, condition, waiting, repairs);
    }

    public void configure(StoreSettings settings, long ringSamples) {
        waiting.resize(ringSamples);
        SqliteStore current = condition.configure(settings);
        if (current != null) {
            current.configure(settings);
        }
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        while (true) {
            SqliteStore current = repair.usable();
            if (current != null) {
                try {
                    AppendResult result = current.append(batch);
                    repair.look(current);
                    return result;
                } catch (StoreException e) {
                    if (Failures.isOfTheInput(e)) {
                        throw e;
                    }
                    condition.failed(current, e);
                }
            }
            // Null if a repair has ended since.
            AppendResult deferred = condition.defer(batch);
            if (deferred != null) {
                return deferred;
            }
        }
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        // Reading is tried again by the caller; only a damaged file has to be replaced.
        return calling(current -> current.next(query), Failures::isDamage);
    }

    @Override
    public void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
        writing(current -> {
            current.complete(delivery, outcome);
            return current;
        });
    }

    @Override
    public long resend(String destination, Instant acknowledgedSince) throws StoreException {
        return writing(current -> current.resend(destination, acknowledgedSince));
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        return repair.exclusively(
                () -> writing(current -> current.shift(from, until, step)) + waiting.shift(from, until, step));
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        return repair.exclusively(() -> {
            long moved = 0;
            ClockSetting setting = new ClockSetting(until, step);
            if (!setting.equals(movedInMemory)) {
                // First, and also without a database: what is written from here later belongs to no earlier session.
                moved = waiting.shift(Instant.MIN, until, step);
                movedInMemory = setting;
            }
            return moved + writing(current -> current.clockSet(until, step));
        });
    }

    @Override
    public Optional<UUID> session() {
        SqliteStore current = condition.current();
        return current == null ? Optional.empty() : current.session();
    }

    @Override
    public Optional<String> note(String key) throws StoreException {
        return condition.present().note(key);
    }

    @Override
    public void note(String key, String value) throws StoreException {
        writing(current -> {
            current.note(key, value);
            return current;
        });
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        return repair.exclusively(() -> {
            SessionClock continued = writing(SqliteStore::continueClock);
            if (!clockContinued) {
                waiting.shift(Instant.MIN, Instant.MAX, continued.ahead().negated());
                clockContinued = true;
            }
            return continued;
        });
    }

    @Override
    public void clockConfirmed() throws StoreException {
        writing(current -> {
            current.clockConfirmed();
            return current;
        });
    }

    /** See {@link SqliteStore#exclusive}; without an open database it fails. */
    public boolean exclusive(boolean wanted) throws StoreException {
        repair.usable();
        return repair.exclusive(wanted);
    }

    @Override
    public StoreStatus status() {
        SqliteStore current = condition.current();
        return current == null ? new StoreStatus(0, 0, 0, Optional.empty(), 0) : current.status();
    }

    /** The condition as of the last change; returns at once. */
    public State state() {
        SqliteStore current = condition.current();
        return new State(
                current == null ? null : current.state(),
                condition.trouble(),
                waiting.count(),
                waiting.lost(),
                waiting.unstorable(),
                condition.recovery());
    }

    /** Writes what waits, if the disk takes it, and closes the database. Idempotent. */
    @Override
    public void close() {
        repair.close();
    }

    private <T> T writing(Call<T> call) throws StoreException {
        return calling(call, Failures::isOfTheDisk);
    }

    /** @param isTrouble which failures of the call are trouble */
    private <T> T calling(Call<T> call, Predicate<StoreException> isTrouble) throws StoreException {
        repair.usable();
        SqliteStore current = condition.present();
        try {
            return call.run(current);
        } catch (StoreException e) {
            if (isTrouble.test(e)) {
                condition.failed(current, e);
            }
            throw e;
        }
    }
}
