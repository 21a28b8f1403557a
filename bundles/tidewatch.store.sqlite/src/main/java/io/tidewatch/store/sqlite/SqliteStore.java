package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
    private static final long MOST_AHEAD = Duration.ofMinutes(5).toMillis();
    private static final long MOST_BEHIND = Duration.ofHours(1).toMillis();
    private static final int NOT_STORED = 0;

    /**
     * Where a store works and what it knows of its surroundings.
     *
     * @param file the database
     * @param bootId file with the kernel's id of this boot; it need not exist
     * @param metadata facts about this run for its session
     */
    record Place(Path file, Path bootId, SortedMap<String, String> metadata) {}

    /**
     * More than {@link StoreStatus} has room for.
     *
     * @param status the figures
     * @param clamped timestamps replaced by the present since the start
     * @param appendFailure why the last append failed; null if it did not
     * @param walOverLimit whether the write-ahead log is over its limit
     * @param syncFailure why the log cannot be forced to the disk; null if it can
     */
    record State(
            StoreStatus status,
            long clamped,
            @Nullable String appendFailure,
            boolean walOverLimit,
            @Nullable String syncFailure) {}

    private interface Work<T> {
        T run() throws SQLException;
    }

    private final Path file;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Database database;
    private final SeriesTable series;
    private final SampleTable samples;
    private final Ledger ledger;
    private final SettlementLog settlements;
    private final Sessions sessions;
    private final WalKeeper wal;
    private final GroupCommit appends;

    private boolean closed;
    private boolean clamping;
    private long clamped;
    private @Nullable String appendFailure;
    private volatile Figures figures = new Figures(0, PendingCount.NONE, 0, 0, null);

    private record Figures(
            long pending, long oldestPending, long setAside, long clamped, @Nullable String appendFailure) {}

    private SqliteStore(Database database, Place place, StoreSettings settings, Clock clock, WalKeeper.Sync sync)
            throws SQLException, IOException {
        this.file = place.file();
        this.clock = clock;
        this.database = database;
        series = new SeriesTable(database);
        samples = new SampleTable(database);
        ledger = new Ledger(database, samples, series);
        settlements = new SettlementLog(database);
        sessions = new Sessions(database);
        database.begin();
        sessions.start(clock.millis(), samples.newest(), Sessions.bootId(place.bootId()), place.metadata());
        database.commit();
        wal = new WalKeeper(database, lock, sync);
        appends = new GroupCommit(lock, this::commit, settings.commitDelay());
        publish();
        wal.configure(settings);
    }

    /**
     * Opens a store, creating the file if it is absent.
     *
     * @throws StoreException if the file is not a database of this store, or cannot be opened
     */
    static SqliteStore open(Place place, StoreSettings settings, Clock clock) throws StoreException {
        return open(place, settings, clock, WalKeeper::force);
    }

    static SqliteStore open(Place place, StoreSettings settings, Clock clock, WalKeeper.Sync sync)
            throws StoreException {
        Database database = null;
        try {
            database = Database.open(place.file(), clock.millis());
            SqliteStore store = new SqliteStore(database, place, settings, clock, sync);
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
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return appends.append(batch);
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        lock.lock();
        try {
            requireOpen();
            return Optional.ofNullable(ledger.next(query));
        } catch (SQLException e) {
            throw Failures.of("Reading pending samples", file, e);
        } finally {
            publish();
            lock.unlock();
        }
    }

    @Override
    public void settle(Delivery delivery, Settlement settlement) throws StoreException {
        lock.lock();
        try {
            requireOpen();
            Handout handout = ledger.handout();
            if (handout == null || handout.delivery() != delivery) {
                throw new IllegalArgumentException("Delivery " + delivery.batchId() + " is not the one under way");
            }
            Outcome outcome = new Outcome(delivery.series(), settlement);
            int setAside = inTransaction("Settling a delivery", () -> {
                ledger.settle(handout, outcome);
                for (Settlement.Acknowledgement chunk : settlement.acknowledged()) {
                    settlements.acknowledged(delivery.batchId(), chunk);
                }
                int more = 0;
                long now = clock.millis();
                for (Settlement.Rejection rejection : settlement.rejected()) {
                    int id = handout.seriesId(outcome.indexOf(rejection.slice()));
                    more += settlements.rejected(rejection, id, now);
                }
                return more;
            });
            settlements.committed(setAside);
            ledger.finished();
            publish();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long reopen(Instant acknowledgedSince) throws StoreException {
        throw new UnsupportedOperationException();
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        throw new UnsupportedOperationException();
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
        return new State(status(), now.clamped(), now.appendFailure(), wal.isOverLimit(), wal.syncFailure());
    }

    /** Cuts the write-ahead log now. */
    void checkpoint() {
        wal.checkpoint();
    }

    /** The file and its statements, for a look inside while nothing else goes on. */
    Database database() {
        return database;
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
        // Not under the lock, which the timer's own checkpoint may be waiting for.
        wal.close();
        lock.lock();
        try {
            inTransaction("Ending the session", () -> {
                sessions.complete(clock.millis());
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

    private List<AppendResult> commit(List<SampleBatch> batches) throws StoreException {
        requireOpen();
        long now = clock.millis();
        int[] late = new int[1];
        try {
            List<AppendResult> results = inTransaction("Appending", () -> insert(batches, now, late));
            appendFailure = null;
            noteClamped(late[0], now);
            return results;
        } catch (StoreException e) {
            appendFailure = e.getMessage();
            throw e;
        } finally {
            publish();
        }
    }

    private List<AppendResult> insert(List<SampleBatch> batches, long now, int[] late) throws SQLException {
        List<int[]> ids = new ArrayList<>(batches.size());
        for (SampleBatch batch : batches) {
            ids.add(seriesIds(batch));
        }
        ledger.moved(series.changed());
        List<AppendResult> results = new ArrayList<>(batches.size());
        for (int i = 0; i < batches.size(); i++) {
            SampleBatch batch = batches.get(i);
            long timestamp = batch.timestamp().toEpochMilli();
            if (timestamp > now + MOST_AHEAD || timestamp < now - MOST_BEHIND) {
                timestamp = now;
                late[0] += batch.samples().size();
            }
            results.add(insertSamples(batch.samples(), timestamp, ids.get(i)));
        }
        return results;
    }

    private int[] seriesIds(SampleBatch batch) throws SQLException {
        List<Sample> wanted = batch.samples();
        int[] ids = new int[wanted.size()];
        SeriesTable.Points points = series.pointsOf(batch);
        for (int i = 0; i < ids.length; i++) {
            Sample sample = wanted.get(i);
            boolean storable = sample.metric().kind() == Kind.TEXT || Double.isFinite(sample.value());
            ids[i] = storable ? series.idOf(batch, sample, points) : NOT_STORED;
        }
        return ids;
    }

    private AppendResult insertSamples(List<Sample> batch, long timestamp, int[] ids) throws SQLException {
        int stored = 0;
        int notFinite = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == NOT_STORED) {
                notFinite++;
            } else if (samples.insert(
                    timestamp, ids[i], batch.get(i).value(), batch.get(i).text())) {
                ledger.added(timestamp, series.get(ids[i]));
                stored++;
            }
        }
        return new AppendResult(
                stored, ids.length - stored - notFinite, notFinite == 0 ? Map.of() : Map.of("not_finite", notFinite));
    }

    /** Runs work in a transaction; if it fails, file and memory are as before. The caller holds the lock. */
    private <T> T inTransaction(String action, Work<T> work) throws StoreException {
        boolean committed = false;
        ledger.begin();
        try {
            database.begin();
            T result = work.run();
            database.commit();
            committed = true;
            series.committed();
            ledger.committed();
            wal.committed();
            return result;
        } catch (SQLException e) {
            throw Failures.of(action, file, e);
        } finally {
            if (!committed) {
                database.rollback();
                series.rolledBack();
                ledger.rolledBack();
            }
        }
    }

    private void noteClamped(int samples, long now) {
        clamped += samples;
        if (clamping != samples > 0) {
            clamping = samples > 0;
            if (clamping) {
                LOG.warn(
                        "Samples come with times more than 5 minutes ahead of or 1 hour behind the clock, which says {};"
                                + " they are stored as of now",
                        Instant.ofEpochMilli(now));
            } else {
                LOG.info("Samples come with plausible times again");
            }
        }
    }

    private void publish() {
        PendingCount pending = ledger.pending();
        figures = new Figures(pending.total(), pending.oldest(), settlements.setAside(), clamped, appendFailure);
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
