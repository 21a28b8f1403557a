package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on one SQLite file. One connection and one lock: whoever reads or writes holds it for a transaction or a
 * query, which takes milliseconds.
 */
final class SqliteStore implements SampleStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /**
     * Where a store works and what it knows of its surroundings.
     *
     * @param file the database
     * @param boot the run of the machine
     * @param built when the agent was built: a clock that says less was never set
     * @param metadata facts about this run for its session
     */
    record Place(Path file, Boot boot, Instant built, SortedMap<String, String> metadata) {}

    /**
     * More than {@link StoreStatus} has room for.
     *
     * @param status the figures
     * @param clamped timestamps replaced by the present since the start
     * @param appendFailure why the last append failed; null if it did not
     * @param walOverLimit whether the write-ahead log is over its limit
     * @param syncFailure why the log cannot be forced to the disk; null if it can
     * @param evicted samples evicted since the start, by reason
     * @param losing whether samples that were never delivered were evicted of late
     * @param checkpoints what cutting the log took and gave
     * @param restarts how many runs of the agent there were before this one
     */
    record State(
            StoreStatus status,
            long clamped,
            @Nullable String appendFailure,
            boolean walOverLimit,
            @Nullable String syncFailure,
            Map<String, Long> evicted,
            boolean losing,
            WalKeeper.Checkpoints checkpoints,
            long restarts) {}

    /** What is done with the writer lock held. */
    private interface Call<T> {
        T run() throws StoreException, SQLException;
    }

    private final Path file;
    private final Boot boot;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Database database;
    private final DeliveryState deliveries;
    private final SettlementLog settlements;
    private final Ledger ledger;
    private final Reopening reopening;
    private final ClockShift clockShift;
    private final Intake intake;
    private final Transactions transactions;
    private final Sessions sessions;
    private final SessionShift sessionShift;
    private final StoreTimer timer;
    private final WalKeeper wal;
    private final BoundsKeeper bounds;
    private final GroupCommit appends;

    private boolean closed;
    private @Nullable String appendFailure;
    private volatile Figures figures = new Figures(0, PendingCount.NONE, 0, 0, null);

    private record Figures(
            long pending, long oldestPending, long setAside, long clamped, @Nullable String appendFailure) {}

    private SqliteStore(Database database, Place place, StoreSettings settings, Clock clock, Platform platform)
            throws SQLException, IOException, StoreException {
        this.file = place.file();
        this.boot = place.boot();
        this.clock = clock;
        this.database = database;
        timer = new StoreTimer(platform.timer().get());
        SeriesTable series = new SeriesTable(database);
        SampleTable samples = new SampleTable(database);
        deliveries = new DeliveryState(database);
        settlements = new SettlementLog(database);
        ledger = new Ledger(samples, series, deliveries, settlements);
        reopening = new Reopening(samples, series, deliveries, settlements);
        clockShift = new ClockShift(samples, series, deliveries);
        sessions = new Sessions(database);
        sessionShift =
                new SessionShift(clockShift, samples, sessions, place.built().toEpochMilli());
        intake = new Intake(series, samples, ledger, sessionShift::stored);
        database.begin();
        deliveries.tally().clear();
        long now = clock.millis();
        sessions.start(now, samples.newest(), boot.id(), boot.uptimeMillis(), place.metadata());
        sessionShift.begin(now);
        database.commit();
        wal = new WalKeeper(database, lock, timer, platform.sync());
        transactions = new Transactions(database, series, deliveries, wal);
        Eviction eviction = new Eviction(samples, series, deliveries, settlements);
        EvictionSteps steps = new EvictionSteps(database, lock, transactions, eviction, this::publish);
        AgeClock ages = new AgeClock(clock, place.boot());
        ClockLeap leap = new ClockLeap(database, ages);
        bounds = new BoundsKeeper(file, steps, settlements, wal, platform.freeSpace(), ages, leap);
        appends = new GroupCommit(lock, this::commit, settings.commitDelay());
        publish();
        configure(settings);
        bounds.start(timer);
    }

    /**
     * Opens a store, creating the file if it is absent.
     *
     * @throws StoreException if the file is not a database of this store, or cannot be opened
     */
    static SqliteStore open(Place place, StoreSettings settings, Clock clock) throws StoreException {
        return open(place, settings, clock, Platform.REAL);
    }

    static SqliteStore open(Place place, StoreSettings settings, Clock clock, Platform platform) throws StoreException {
        Database database = null;
        try {
            database = Database.open(place.file(), clock.millis(), platform);
            SqliteStore store = new SqliteStore(database, place, settings, clock, platform);
            database = null;
            return store;
        } catch (SQLException | IOException e) {
            throw Failures.of("Opening the store", place.file(), e);
        } finally {
            if (database != null) {
                closeQuietly(database);
            }
        }
    }

    /** Goes on with other settings. */
    void configure(StoreSettings settings) {
        appends.delay(settings.commitDelay());
        wal.configure(settings);
        bounds.configure(settings.bounds());
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return appends.append(new OverflowRing.Entry(batch, clock.instant()));
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        return locked("Reading pending samples", () -> Optional.ofNullable(ledger.next(query)));
    }

    @Override
    public void settle(Delivery delivery, Settlement settlement) throws StoreException {
        String action = "Settling a delivery";
        locked(action, () -> {
            Handout handout = deliveries.handout();
            if (handout == null || handout.delivery() != delivery) {
                throw new AbandonedDeliveryException(delivery.batchId());
            }
            Outcome outcome = new Outcome(delivery.series(), settlement);
            int setAside = transactions.run(action, () -> ledger.settle(handout, outcome, settlement, clock.millis()));
            settlements.committed(setAside);
            deliveries.handOut(null);
            return setAside;
        });
    }

    @Override
    public long reopen(Instant acknowledgedSince) throws StoreException {
        String action = "Reopening deliveries";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> reopening.reopen(Millis.atOrBefore(acknowledgedSince)));
        });
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        long first = Millis.atOrAfter(from);
        long end = Millis.atOrAfter(until);
        ClockShift.requirePossible(first, end, Millis.of(step));
        String action = "Moving samples in time";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> {
                long moved = clockShift.shift(first, end, step.toMillis());
                sessions.shift(first, end, step.toMillis());
                ledger.shifted();
                return moved;
            });
        });
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        long end = Millis.atOrAfter(until);
        String action = "Moving samples in time";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> {
                long moved = sessionShift.clockSet(end, Millis.of(step));
                ledger.shifted();
                return moved;
            });
        });
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        String action = "Comparing the clocks of the sessions";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> {
                SessionClock continued = sessionShift.continueClock(clock.millis(), boot.uptimeMillis());
                ledger.shifted();
                return continued;
            });
        });
    }

    @Override
    public void clockConfirmed() throws StoreException {
        String action = "Noting that the clock is right";
        locked(
                action,
                () -> transactions.run(action, () -> {
                    sessions.confirm();
                    return sessions;
                }));
    }

    @Override
    public StoreStatus status() {
        Figures now = figures;
        return new StoreStatus(
                wal.databaseBytes(),
                wal.walBytes(),
                now.pending(),
                now.oldestPending() == PendingCount.NONE
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(now.oldestPending())),
                now.setAside());
    }

    /** The state as of the last change; returns at once. */
    State state() {
        Figures now = figures;
        return new State(
                status(),
                now.clamped(),
                now.appendFailure(),
                wal.isOverLimit(),
                wal.syncFailure(),
                bounds.steps().counts().byReason(),
                bounds.isLosing(),
                wal.checkpoints(),
                sessions.restarts());
    }

    @Override
    public Optional<UUID> session() {
        return Optional.of(sessions.id());
    }

    /** Cuts the write-ahead log now. */
    void checkpoint() {
        wal.checkpoint();
    }

    /** What keeps the store within its bounds. */
    BoundsKeeper bounds() {
        return bounds;
    }

    /** The versions of its tables that the file went through, the newest first. */
    List<Integer> schemaVersions() {
        return database.schemaVersions();
    }

    /** The file and its statements, for a look inside while nothing else goes on. */
    Database database() {
        return database;
    }

    /**
     * Commits batches that have waited, in one transaction.
     *
     * @throws StoreException if none of them is committed
     */
    void write(List<OverflowRing.Entry> entries) throws StoreException {
        String action = "Appending";
        locked(action, () -> {
            transactions.run(action, () -> intake.insert(entries));
            appendFailure = null;
            return entries;
        });
    }

    /**
     * Writes a little, by a statement of its own.
     *
     * @throws StoreException if the disk does not take it
     */
    void probe() throws StoreException {
        locked("Writing to the database", () -> {
            database.probe();
            return database;
        });
    }

    /** Whether it was not closed yet. */
    boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes all that is committed into a new file, and closes this store for good. The file of this one is not needed
     * by its name for that, so that it may have been deleted.
     *
     * @throws StoreException if it cannot be written; then this store is still open
     */
    void moveInto(Path copy) throws StoreException {
        lock.lock();
        try {
            requireOpen();
            database.copyInto(copy);
            closed = true;
        } catch (SQLException e) {
            throw Failures.of("Writing the database anew", copy, e);
        } finally {
            lock.unlock();
        }
        appends.close();
        stopTimer();
        lock.lock();
        try {
            closeQuietly(database);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is under way, ends the session, cuts the log and closes the file. Idempotent. */
    @Override
    public void close() {
        appends.close();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        stopTimer();
        lock.lock();
        try {
            transactions.run("Ending the session", () -> {
                sessions.complete(clock.millis());
                deliveries.tally().write(deliveries.pending());
                return sessions;
            });
            wal.checkpoint();
        } catch (StoreException e) {
            LOG.warn("The session is left active and will be taken for a failed one", e);
        } finally {
            closeQuietly(database);
            lock.unlock();
        }
    }

    private List<AppendResult> commit(List<OverflowRing.Entry> entries) throws StoreException {
        requireOpen();
        try {
            List<AppendResult> results = transactions.run("Appending", () -> intake.insert(entries));
            appendFailure = null;
            intake.committed(entries);
            return results;
        } catch (StoreException e) {
            appendFailure = e.getMessage();
            throw e;
        } finally {
            publish();
        }
    }

    private <T> T locked(String action, Call<T> call) throws StoreException {
        lock.lock();
        try {
            requireOpen();
            return call.run();
        } catch (SQLException e) {
            throw Failures.of(action, file, e);
        } finally {
            publish();
            lock.unlock();
        }
    }

    /** Not under the lock, which what the timer does may be waiting for. */
    private void stopTimer() {
        bounds.stop();
        timer.close();
    }

    private void publish() {
        PendingCount pending = deliveries.pending();
        figures =
                new Figures(pending.total(), pending.oldest(), settlements.setAside(), intake.clamped(), appendFailure);
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }

    private static void closeQuietly(Database database) {
        try {
            database.close();
        } catch (SQLException e) {
            LOG.warn("The database {} was not closed cleanly; nothing committed is lost", database.file(), e);
        }
    }
}
