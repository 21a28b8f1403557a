package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.clock.StampClock;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The real store on a machine that a test makes up: with its clock, its boot id and its time since the boot. */
public final class MachineStore implements SampleStore {
    private static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20);

    private final StampClock clock;
    private final SqliteStore store;

    /**
     * @param folder has the database, and the files {@code boot_id} and {@code uptime}
     * @param built when the agent was built
     */
    public MachineStore(Path folder, Clock system, Instant built) throws StoreException {
        clock = new StampClock(system);
        Boot boot = new Boot(folder.resolve("boot_id"), folder.resolve("uptime"));
        store = StoreOpening.open(
                new StorePlace(folder.resolve("metrics.db"), boot, built, UUID.randomUUID(), new TreeMap<>()),
                SETTINGS,
                clock);
    }

    /** Ends in order. */
    public void stop() {
        store.close();
    }

    /** Ends as a process that is killed does: the session is still active in the file. */
    public void kill() throws SQLException {
        store.database().begin();
        store.close();
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return store.append(batch);
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        return store.next(query);
    }

    @Override
    public void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
        store.complete(delivery, outcome);
    }

    @Override
    public long resend(String destination, Instant acknowledgedSince) throws StoreException {
        return store.resend(destination, acknowledgedSince);
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        return store.shift(from, until, step);
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        return store.clockSet(until, step);
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        return clock.ofSystem(store.continueClock());
    }

    @Override
    public void clockAhead(Duration ahead) {
        clock.ahead(ahead);
    }

    @Override
    public void clockConfirmed() throws StoreException {
        store.clockConfirmed();
    }

    @Override
    public Optional<String> note(String key) throws StoreException {
        return store.note(key);
    }

    @Override
    public void note(String key, String value) throws StoreException {
        store.note(key, value);
    }

    @Override
    public StoreStatus status() {
        return store.status();
    }
}
