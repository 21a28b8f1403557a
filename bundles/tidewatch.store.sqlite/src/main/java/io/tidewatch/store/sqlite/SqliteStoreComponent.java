package io.tidewatch.store.sqlite;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.clock.StampClock;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.DatabaseLock;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import io.tidewatch.store.sqlite.history.HistoryReader;
import io.tidewatch.store.sqlite.history.NewestSamples;
import io.tidewatch.store.sqlite.readers.Readers;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import io.tidewatch.store.sqlite.resilience.RecoveryThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as a service, with its configuration and its health.
 *
 * <p><b>Layers.</b> This component is a {@link FaultTolerantStore}, which keeps samples in memory while the disk takes none
 * and replaces a database that is damaged or gone; that uses one {@link SqliteStore} after the other, on whose page is which
 * thread takes which lock and what is durable when. {@link HistoryReader} reads the file beside it.
 *
 * <p><b>Life.</b> A start takes the lock of the database, unless the launcher holds it, then migrates a database of another
 * version or recovers a damaged one, then opens it. If the disk prevents that, the component still activates and the
 * samples wait in memory. Only a file of another program, or of a newer agent, keeps it from starting. A changed
 * configuration keeps the database open; only another {@code path} waits for the next start of the bundle. A stop waits for
 * the current commit, writes what waits in memory if the disk takes it, ends the session and drops the lock.
 *
 * <p><b>Threads.</b> Its methods are called by collectors, the uploader, the clock and health at the same time. Calls that
 * read figures ({@link #status}, {@link #check}, {@link #newest}) do not wait.
 */
@Component(
        service = {SampleStore.class, SampleHistory.class, HealthCheck.class, StorageSelf.class},
        configurationPid = SqliteStoreComponent.PID,
        property = HealthCheck.NAME + "=storage",
        immediate = true)
@Designate(ocd = StoreConfig.class)
public final class SqliteStoreComponent implements SampleStore, SampleHistory, HealthCheck, StorageSelf {
    static final String PID = "tidewatch.store.sqlite";

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStoreComponent.class);

    private final StampClock clock;
    private final Path file;
    private final @Nullable Path stateFolder;
    private final NewestSamples newest = new NewestSamples();
    private final HistoryReader history;
    private final @Nullable DatabaseLock lock;
    private final RecoveryThread recovery = new RecoveryThread(Thread::start);
    private final Readers readers;
    private final FaultTolerantStore store;
    private volatile List<String> problems = List.of();

    /** @throws StoreException if there is no place for the database, another process has it, or it is not ours */
    @Activate
    public SqliteStoreComponent(BundleContext context, StoreConfig config) throws StoreException {
        this(
                config,
                path(context.getProperty("tidewatch.state")),
                path(context.getProperty("tidewatch.lock")),
                Release.of(context),
                Clock.systemUTC());
    }

    /**
     * @param stateFolder where the database is unless configured otherwise; null if there is none
     * @param heldLock a lock file that this process holds already; null if there is none
     * @param release what runs, for the session
     */
    SqliteStoreComponent(
            StoreConfig config, @Nullable Path stateFolder, @Nullable Path heldLock, Release release, Clock clock)
            throws StoreException {
        this.clock = new StampClock(clock);
        this.stateFolder = stateFolder;
        ConfiguredStore configured = ConfiguredStore.read(config, stateFolder);
        file = configured.file();
        history = new HistoryReader(file);
        readers = new Readers(file);
        lock = DatabaseLock.takeUnlessHeld(file, heldLock);
        SortedMap<String, String> metadata = new TreeMap<>();
        metadata.put("pid", String.valueOf(ProcessHandle.current().pid()));
        metadata.put("version", release.version());
        try {
            StorePlace place = new StorePlace(file, Boot.LINUX, release.built(), UUID.randomUUID(), metadata);
            store = new FaultTolerantStore(
                    new DatabasePlace(file, this.clock, Platform.REAL),
                    (settings, onFailure) -> {
                        SqliteStore fresh = StoreOpening.open(place, settings, this.clock, Platform.REAL, onFailure);
                        readers.opened();
                        return fresh;
                    },
                    configured.settings(),
                    configured.ringSamples(),
                    this.clock,
                    System::nanoTime,
                    recovery);
        } catch (Throwable e) {
            release(lock);
            throw e;
        }
        List<String> found = new ArrayList<>(configured.problems());
        readers.configure(configured.exclusive(), store::exclusive).ifPresent(found::add);
        note(found, "runs on the default");
    }

    /** For Declarative Services: goes on with the new configuration, or with the last good one if a value is wrong. */
    @Modified
    void modified(StoreConfig config) throws StoreException {
        ConfiguredStore configured = ConfiguredStore.read(config, stateFolder);
        List<String> found = new ArrayList<>(configured.problems());
        if (found.isEmpty()) {
            store.configure(configured.settings(), configured.ringSamples());
            readers.configure(configured.exclusive(), store::exclusive).ifPresent(found::add);
            if (!configured.file().equals(file)) {
                found.add(PID + ".cfg: path takes effect when the agent restarts");
            }
        }
        note(found, "keeps the last good configuration");
    }

    /** For Declarative Services: waits for the current commit. */
    @Deactivate
    void deactivate() {
        recovery.close();
        readers.close();
        store.close();
        release(lock);
    }

    @Override
    public void read(HistoryQuery query, Predicate<Series> wanted, Visitor visitor)
            throws StoreException, InterruptedException {
        history.read(query, wanted, visitor);
    }

    @Override
    public List<Series> series() throws StoreException {
        return history.series();
    }

    @Override
    public List<NewestSample> newest() {
        return newest.list();
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        AppendResult result = store.append(batch);
        newest.appended(batch, clock.instant());
        return result;
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
        long moved = store.shift(from, until, step);
        newest.shifted(from, until, step);
        return moved;
    }

    @Override
    public Optional<UUID> session() {
        return store.session();
    }

    @Override
    public long clockSet(Instant until, Duration step) throws StoreException {
        long moved = store.clockSet(until, step);
        newest.shifted(Instant.MIN, until, step);
        return moved;
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
    public SessionClock continueClock() throws StoreException {
        SessionClock continued = store.continueClock();
        newest.shifted(Instant.MIN, Instant.MAX, continued.ahead().negated());
        return clock.ofSystem(continued);
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
    public StoreStatus status() {
        return store.status();
    }

    @Override
    public Instant present() {
        return clock.instant();
    }

    @Override
    public FaultTolerantStore.State state() {
        return store.state();
    }

    @Override
    public Health check() {
        return StorageHealth.of(file, store.status(), store.state(), problems, clock.instant());
    }

    private void note(List<String> found, String consequence) {
        for (String problem : found) {
            if (!problems.contains(problem)) {
                LOG.error("{}; the store {}", problem, consequence);
            }
        }
        problems = List.copyOf(found);
    }

    private static void release(@Nullable DatabaseLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("The lock of the database is dropped when the process ends", e);
        }
    }

    private static @Nullable Path path(@Nullable String property) {
        return property == null || property.isBlank() ? null : Path.of(property);
    }
}
