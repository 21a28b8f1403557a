package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.clock.ArrivalClock;
import io.tidewatch.store.sqlite.clock.SessionShift;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.delivery.Backlog;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.OutcomeWriter;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.retention.BoundsKeeper;
import io.tidewatch.store.sqlite.tables.SeriesLimit;
import io.tidewatch.store.sqlite.tables.Sessions;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store on one SQLite file, by one connection.
 *
 * <p><b>Threads and locks.</b> There is one lock ({@link Writer}), held for a transaction or a query, which takes
 * milliseconds: the uploader's thread in {@link #next}, {@link #complete} and {@link #resend}, the clock's, and the store's own
 * ({@link Housekeeping}) for each step of an eviction and each checkpoint. Appends that come within {@code commit.delay} share a
 * transaction ({@link GroupCommit}) on a thread that takes the lock; {@link #append} waits for it, for seven seconds at most: a
 * write may not return for as long as the disk likes. Forcing the log takes no lock. {@link #status} and {@link #state} read a copy
 * that each call leaves behind and do not wait. History is read by connections of its own and takes no lock either.
 *
 * <p><b>What is durable when.</b> When {@link #append} and {@link #complete} return, their transaction is in the write-ahead
 * log: killing the process loses nothing. A power cut loses at most the transactions of the last {@code sync.interval},
 * from a point in time on: an acknowledgement is never there without the samples before it. A checkpoint copies the log into
 * the database and forces that.
 *
 * <p><b>Transactions</b> change the file and what is known of it in memory together ({@link Tables}); one that fails leaves
 * both as they were. {@link #close} ends the session; where it is not called, the next start finds the session active and
 * checks all pages.
 */
public final class SqliteStore implements SampleStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Database database;
    private final Writer writer;
    private final Backlog backlog;
    private final OutcomeWriter outcomes;
    private final DeliveryState deliveries;
    private final SeriesLimit seriesLimit;
    private final Sessions sessions;
    private final ArrivalClock arrivals;
    private final SessionShift times;
    private final Housekeeping housekeeping;
    private volatile StoreFigures figures;
    private final Intake intake;
    private final GroupCommit appends;

    private volatile boolean distrusted;

    /** See {@link StoreOpening}. */
    SqliteStore(
            Database database,
            StorePlace place,
            StoreSettings settings,
            Clock clock,
            Platform platform,
            Consumer<StoreException> onFailure)
            throws SQLException {
        this.clock = clock;
        this.database = database;
        seriesLimit = new SeriesLimit(settings.maxSeries(), platform.nanoTime());
        Tables tables = Tables.read(database, seriesLimit);
        deliveries = tables.deliveries();
        sessions = new Sessions(database, place.session());
        database.begin();
        sessions.start(
                clock.millis(),
                tables.passes().newest(),
                place.boot().id(),
                place.boot().uptimeMillis(),
                place.metadata());
        database.commit();
        housekeeping =
                new Housekeeping(database, place.boot(), tables, lock, clock, platform, this::publish, onFailure);
        writer = housekeeping.writer;
        arrivals = new ArrivalClock(clock, place.boot());
        times = new SessionShift(writer, tables, sessions, arrivals, clock, place.boot(), place.built());
        backlog = new Backlog(writer, tables);
        outcomes = new OutcomeWriter(writer, tables);
        intake = new Intake(housekeeping, tables, sessions::number);
        appends = new GroupCommit(place.file(), lock, intake::commit, settings.commitDelay(), GroupCommit.LONGEST);
        publish();
        configure(settings);
        housekeeping.start();
    }

    public void configure(StoreSettings settings) {
        appends.delay(settings.commitDelay());
        seriesLimit.configure(settings.maxSeries());
        housekeeping.configure(settings);
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return appends.append(new OverflowRing.Entry(batch, arrivals.of(batch)));
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        return backlog.next(query);
    }

    @Override
    public void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
        outcomes.complete(delivery, outcome, clock.millis());
    }

    @Override
    public long resend(String destination, Instant acknowledgedSince) throws StoreException {
        return backlog.resend(destination, acknowledgedSince);
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) throws StoreException {
        return times.shift(from, until, step);
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        return times.clockSet(until, step);
    }

    @Override
    public Optional<String> note(String key) throws StoreException {
        return writer.locked("Reading a note", () -> deliveries.tables().note(key));
    }

    @Override
    public void note(String key, String value) throws StoreException {
        writer.transaction("Writing a note", () -> {
            deliveries.tables().note(key, value);
            return deliveries;
        });
    }

    @Override
    public SessionClock continueClock() throws StoreException {
        return times.continueClock();
    }

    @Override
    public void clockConfirmed() throws StoreException {
        times.confirmed();
    }

    @Override
    public StoreStatus status() {
        return figures.status(housekeeping.wal);
    }

    /** The state as of the last change; returns at once. */
    public StoreState state() {
        return figures.state(housekeeping, seriesLimit, sessions, database);
    }

    @Override
    public Optional<UUID> session() {
        return Optional.of(sessions.id());
    }

    /**
     * Locks the database for this process, which spares the file that readers need ({@code -shm}) and what is written to
     * it, or lets other programs read it.
     *
     * @return whether it is locked now; false also while another program has it open
     * @throws StoreException if it cannot be opened again; the next call tries that
     */
    public boolean exclusive(boolean wanted) throws StoreException {
        String action = wanted ? "Locking the database" : "Opening the database to other programs";
        return writer.locked(action, () -> {
            housekeeping.wal.checkpoint();
            return database.exclusive(wanted);
        });
    }

    public void checkpoint() {
        housekeeping.wal.checkpoint();
    }

    public BoundsKeeper bounds() {
        return housekeeping.bounds;
    }

    /** The file and its statements, for a look inside while nothing else goes on. */
    public Database database() {
        return database;
    }

    /** Commits batches that have waited, in one transaction, all or none; returns one result per batch. */
    public List<AppendResult> write(List<OverflowRing.Entry> entries) throws StoreException {
        return intake.write(entries);
    }

    /** Writes a little, by a statement of its own: does the disk take it? */
    public void probe() throws StoreException {
        writer.locked("Writing to the database", () -> {
            database.probe();
            return database;
        });
    }

    /** The file may be damaged: the session is left active at the end, so that the next start checks all of it. */
    public void distrust() {
        distrusted = true;
    }

    public boolean isOpen() {
        return writer.isOpen();
    }

    /**
     * Writes all that is committed into a new file, and closes this store for good. The file of this one is not needed
     * by its name for that, so that it may have been deleted.
     *
     * @throws StoreException if it cannot be written; then this store is still open
     */
    public void moveInto(Path copy) throws StoreException {
        writer.locked("Writing the database anew", () -> {
            database.copyInto(copy);
            housekeeping.bounds.stop();
            return writer.close();
        });
        appends.close();
        housekeeping.stop();
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
        housekeeping.bounds.stop();
        if (writer.close()) {
            return;
        }
        housekeeping.stop();
        lock.lock();
        try {
            if (!distrusted) {
                writer.inTransaction("Ending the session", () -> {
                    sessions.complete(clock.millis());
                    return sessions;
                });
            }
            housekeeping.wal.checkpoint();
        } catch (StoreException | RuntimeException | Error e) {
            LOG.warn("The session is left active; the next start checks the whole database", e);
        } finally {
            database.close();
            lock.unlock();
        }
    }

    private void publish() {
        figures = StoreFigures.of(deliveries, intake, database);
    }
}
