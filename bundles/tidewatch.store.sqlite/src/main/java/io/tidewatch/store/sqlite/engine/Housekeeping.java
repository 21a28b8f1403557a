package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.clock.ClockJump;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.db.StoreTimer;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.delivery.Writer;
import io.tidewatch.store.sqlite.retention.BoundsKeeper;
import io.tidewatch.store.sqlite.retention.EvictionSteps;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The background work of a store, on two threads: one truncates the log and keeps the bounds, the other forces the log to the
 * medium, so that neither delays that.
 */
final class Housekeeping {
    private final StoreTimer timer;
    private final StoreTimer syncTimer;
    final WriteAheadLog wal;
    final LogSync sync;

    /** After its transactions the log is cut and forced in time. */
    final Writer writer;

    final BoundsKeeper bounds;

    Housekeeping(
            Database database,
            Boot boot,
            Tables tables,
            ReentrantLock lock,
            Clock clock,
            Platform platform,
            Runnable changed,
            Consumer<StoreException> onFailure) {
        timer = new StoreTimer(platform.timer().apply("tidewatch-store"));
        syncTimer = new StoreTimer(platform.timer().apply("tidewatch-store-sync"));
        wal = new WriteAheadLog(database, lock, timer, platform.nanoTime(), onFailure);
        sync = new LogSync(database.wal(), platform.sync(), syncTimer, wal::checkpoint);
        writer = new Writer(database, tables, lock, this::committed, changed);
        bounds = new BoundsKeeper(
                database,
                new EvictionSteps(database, writer, tables),
                tables.deliveries().tables(),
                wal,
                platform.freeSpace(),
                new ClockJump(database, clock, boot),
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
        syncTimer.close();
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
