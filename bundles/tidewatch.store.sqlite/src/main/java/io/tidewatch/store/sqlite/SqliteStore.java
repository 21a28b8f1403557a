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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on one SQLite file. One connection and one lock: whoever reads or writes holds it for a transaction or a
 * query, which takes milliseconds.
 */
final class SqliteStore implements SampleStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** What is done with the writer lock held. */
    private interface Call<T> {
        T run() throws StoreException, SQLException;
    }

    private final Path file;
    private final Boot boot;
    private final Clock clock;
    private final ArrivalClock arrivals;
    private final ReentrantLock lock = new ReentrantLock();
    private final Database database;
    private final DeliveryState deliveries;
    private final Ledger ledger;
    private final Notes notes;
    private final ClockShift clockShift;
    private final SeriesLimit seriesLimit;
    private final Intake intake;
    private final Transactions transactions;
    private final Sessions sessions;
    private final SessionShift sessionShift;
    private final StoreTimer timer;
    private final WriteAheadLog wal;
    private final StoreTimer syncTimer;
    private final LogSync sync;
    private final BoundsKeeper bounds;
    private final GroupCommit appends;

    private boolean closed;
    private volatile boolean distrusted;
    private @Nullable String appendFailure;
    private volatile Figures figures = new Figures(0, PendingCount.NONE, 0, 0, null);

    private record Figures(
            long pending, long oldestPending, long setAside, long clamped, @Nullable String appendFailure) {}

    private SqliteStore(
            Database database,
            StorePlace place,
            StoreSettings settings,
            Clock clock,
            Platform platform,
            Consumer<StoreException> onFailure)
            throws SQLException, IOException, StoreException {
        this.file = place.file();
        this.boot = place.boot();
        this.clock = clock;
        arrivals = new ArrivalClock(clock, boot);
        this.database = database;
        timer = new StoreTimer(platform.timer().apply("tidewatch-store"));
        syncTimer = new StoreTimer(platform.timer().apply("tidewatch-store-sync"));
        seriesLimit = new SeriesLimit(settings.maxSeries(), platform.nanoTime());
        SeriesTable series = new SeriesTable(database, seriesLimit);
        PassTable passes = new PassTable(database);
        LayoutTable layouts = new LayoutTable(database, passes.nextSeq() - 1);
        deliveries = new DeliveryState(database);
        ledger = new Ledger(passes, layouts, series, deliveries);
        notes = new Notes(database);
        clockShift = new ClockShift(passes, layouts, deliveries);
        sessions = new Sessions(database, place.session());
        sessionShift = new SessionShift(clockShift, sessions, place.built().toEpochMilli());
        intake = new Intake(series, new PassWriter(passes, layouts), ledger, sessions::number);
        database.begin();
        sessions.start(clock.millis(), passes.newest(), boot.id(), boot.uptimeMillis(), place.metadata());
        database.commit();
        wal = new WriteAheadLog(database, lock, timer, platform.nanoTime(), onFailure);
        sync = new LogSync(database.wal(), platform.sync(), syncTimer, wal::checkpoint);
        transactions = new Transactions(database, series, layouts, deliveries, this::committed);
        Eviction eviction = new Eviction(passes, layouts, series, deliveries);
        EvictionSteps steps = new EvictionSteps(database, lock, transactions, eviction, this::publish);
        AgeClock ages = new AgeClock(clock, place.boot());
        ClockLeap leap = new ClockLeap(database, ages);
        bounds = new BoundsKeeper(file, steps, deliveries.tables(), wal, platform.freeSpace(), ages, leap, onFailure);
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
    static SqliteStore open(StorePlace place, StoreSettings settings, Clock clock) throws StoreException {
        return open(place, settings, clock, Platform.REAL, failure -> {});
    }

    /** @param onFailure is told of what fails on the store's own threads, perhaps with its lock held */
    static SqliteStore open(
            StorePlace place,
            StoreSettings settings,
            Clock clock,
            Platform platform,
            Consumer<StoreException> onFailure)
            throws StoreException {
        Database database = null;
        try {
            Migration.runIfNeeded(place.file(), clock.millis(), platform);
            database = Database.open(place.file(), clock.millis(), platform);
            SqliteStore store = new SqliteStore(database, place, settings, clock, platform, onFailure);
            database = null;
            return store;
        } catch (SQLException | IOException e) {
            throw Failures.of("Opening the store", place.file(), e);
        } finally {
            if (database != null) {
                database.close();
            }
        }
    }

    /** Goes on with other settings. */
    void configure(StoreSettings settings) {
        appends.delay(settings.commitDelay());
        wal.configure(settings);
        sync.configure(settings.syncInterval());
        seriesLimit.configure(settings.maxSeries());
        bounds.configure(settings.bounds());
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return appends.append(new OverflowRing.Entry(batch, arrivals.of(batch)));
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
            transactions.run(action, () -> {
                ledger.settler().settle(handout, outcome, settlement, clock.millis());
                return ledger;
            });
            deliveries.handOut(null);
            return outcome;
        });
    }

    @Override
    public long reopen(Instant acknowledgedSince) throws StoreException {
        String action = "Reopening deliveries";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> ledger.reopen(Millis.atOrBefore(acknowledgedSince)));
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
            long moved = transactions.run(action, () -> {
                long samples = clockShift.shift(sessions.number(), first, end, step.toMillis());
                sessions.shift(first, end, step.toMillis());
                return samples;
            });
            arrivals.corrected();
            return moved;
        });
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        long end = Millis.atOrAfter(until);
        String action = "Moving samples in time";
        return locked(action, () -> {
            deliveries.handOut(null);
            long moved = transactions.run(action, () -> sessionShift.clockSet(end, Millis.of(step)));
            arrivals.corrected();
            return moved;
        });
    }

    @Override
    public Optional<String> note(String key) throws StoreException {
        return locked("Reading a note", () -> notes.read(key));
    }

    @Override
    public void note(String key, String value) throws StoreException {
        String action = "Writing a note";
        locked(
                action,
                () -> transactions.run(action, () -> {
                    notes.write(key, value);
                    return notes;
                }));
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        String action = "Comparing the clocks of the sessions";
        return locked(action, () -> {
            deliveries.handOut(null);
            return transactions.run(action, () -> sessionShift.continueClock(clock.millis(), boot.uptimeMillis()));
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
    StoreState state() {
        Figures now = figures;
        return new StoreState(
                status(),
                now.clamped(),
                now.appendFailure(),
                wal.isOverLimit(),
                wal.obstacle(),
                sync.failure(),
                bounds.failure(),
                timer.failures() + syncTimer.failures(),
                seriesLimit.refused(),
                seriesLimit.offender(),
                bounds.steps().counts().byReason(),
                bounds.isLosing(),
                wal.checkpoints(),
                sessions.restarts());
    }

    @Override
    public Optional<UUID> session() {
        return Optional.of(sessions.id());
    }

    /** Truncates the write-ahead log now. */
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
            requireRoom(action);
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

    /** The file may be damaged: the session is left active at the end, so that the next start checks all of it. */
    void distrust() {
        distrusted = true;
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
        stopTimers();
        lock.lock();
        try {
            database.close();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for calls in progress, ends the session, truncates the log and closes the file. Idempotent. */
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
        stopTimers();
        lock.lock();
        try {
            if (!distrusted) {
                transactions.run("Ending the session", () -> {
                    sessions.complete(clock.millis());
                    return sessions;
                });
            }
            wal.checkpoint();
        } catch (StoreException | RuntimeException | Error e) {
            LOG.warn("The session is left active; the next start checks the whole database", e);
        } finally {
            database.close();
            lock.unlock();
        }
    }

    private List<AppendResult> commit(List<OverflowRing.Entry> entries) throws StoreException {
        requireOpen();
        try {
            requireRoom("Appending");
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

    /** Not with the lock held, for which a task may wait. */
    private void stopTimers() {
        bounds.stop();
        timer.close();
        sync.close();
    }

    private void committed() {
        wal.committed();
        sync.committed();
    }

    private void requireRoom(String action) throws StoreException {
        try {
            bounds.requireRoom();
        } catch (IOException e) {
            throw new StoreException(action + " failed: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw Failures.of(action, file, e);
        }
    }

    private void publish() {
        PendingCount pending = deliveries.pending();
        figures = new Figures(
                pending.total(), pending.oldest(), deliveries.quarantined(), intake.clamped(), appendFailure);
    }

    private void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }
}
