package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.clock.ClockJump;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.db.StoreTimer;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.delivery.Transactions;
import io.tidewatch.store.sqlite.retention.BoundsKeeper;
import io.tidewatch.store.sqlite.retention.Eviction;
import io.tidewatch.store.sqlite.retention.EvictionSteps;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The background work of a store, on two threads: one truncates the log and keeps the bounds, the other forces the log to the
 * medium, so that neither delays that.
 */
final class Housekeeping {
    private final Database database;
    private final StoreTimer timer;
    private final StoreTimer syncTimer;
    final WriteAheadLog wal;
    final LogSync sync;

    /** After these the log is cut and forced in time. */
    final Transactions transactions;

    final BoundsKeeper bounds;

    /**
     * @param lock of the store
     * @param changed called after each eviction, with the lock held
     * @param onFailure receives each failure, perhaps with the lock held
     */
    Housekeeping(
            Database database,
            StorePlace place,
            Tables tables,
            ReentrantLock lock,
            Clock clock,
            Platform platform,
            Runnable changed,
            Consumer<StoreException> onFailure)
            throws SQLException {
        this.database = database;
        timer = new StoreTimer(platform.timer().apply("tidewatch-store"));
        syncTimer = new StoreTimer(platform.timer().apply("tidewatch-store-sync"));
        wal = new WriteAheadLog(database, lock, timer, platform.nanoTime(), onFailure);
        sync = new LogSync(database.wal(), platform.sync(), syncTimer, wal::checkpoint);
        transactions =
                new Transactions(database, tables.series(), tables.passes(), tables.deliveries(), this::committed);
        Eviction eviction = new Eviction(tables.passes(), tables.series(), tables.deliveries());
        EvictionSteps steps = new EvictionSteps(database, lock, transactions, eviction, changed);
        bounds = new BoundsKeeper(
                place.file(),
                steps,
                tables.deliveries().tables(),
                wal,
                platform.freeSpace(),
                new ClockJump(database, clock, place.boot()),
                onFailure);
    }

    void start() {
        bounds.start(timer);
    }

    void configure(StoreSettings settings) {
        wal.configure(settings);
        sync.configure(settings.syncInterval());
        bounds.configure(settings.bounds());
    }

    /** Ends and waits for running tasks. Not with the lock held, for which a task may wait. */
    void stop() {
        bounds.stop();
        timer.close();
        sync.close();
    }

    /**
     * Fails if nothing more may be written to the log. The caller holds the lock.
     *
     * @param action what is to be written, as the start of a sentence
     */
    void requireRoom(String action) throws StoreException {
        try {
            bounds.requireRoom();
        } catch (IOException e) {
            throw new StoreException(action + " failed: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw Failures.of(action, database.file(), e);
        }
    }

    /** How often background work failed by a bug. */
    long failures() {
        return timer.failures() + syncTimer.failures();
    }

    private void committed() {
        wal.committed();
        sync.committed();
    }
}
