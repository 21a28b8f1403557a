package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.tables.PendingCount;
import io.tidewatch.store.sqlite.tables.SeriesLimit;
import io.tidewatch.store.sqlite.tables.Sessions;
import java.time.Instant;
import java.util.Optional;

/** The figures of a store as of its last change, which are read without its lock. Safe for use by several threads. */
final class StoreFigures {
    private record Figures(long pending, long oldestPending, long quarantined, long clamped, boolean locked) {}

    private final Database database;
    private final DeliveryState deliveries;
    private final Sessions sessions;
    private final Housekeeping housekeeping;
    private final SeriesLimit seriesLimit;
    private volatile Figures figures = new Figures(0, PendingCount.NONE, 0, 0, false);

    StoreFigures(
            Database database,
            DeliveryState deliveries,
            Sessions sessions,
            Housekeeping housekeeping,
            SeriesLimit seriesLimit) {
        this.database = database;
        this.deliveries = deliveries;
        this.sessions = sessions;
        this.housekeeping = housekeeping;
        this.seriesLimit = seriesLimit;
    }

    /** Takes the figures as they are now. The caller holds the lock of the store. */
    void publish(Intake intake) {
        PendingCount pending = deliveries.pending();
        figures = new Figures(
                pending.total(), pending.oldest(), deliveries.quarantined(), intake.clamped(), database.isExclusive());
    }

    StoreStatus status() {
        Figures now = figures;
        WriteAheadLog wal = housekeeping.wal;
        return new StoreStatus(
                wal.databaseBytes(),
                wal.walBytes(),
                now.pending(),
                now.oldestPending() == PendingCount.NONE
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(now.oldestPending())),
                now.quarantined());
    }

    StoreState state() {
        Figures now = figures;
        WriteAheadLog wal = housekeeping.wal;
        return new StoreState(
                now.clamped(),
                wal.isOverLimit(),
                wal.obstacle(),
                housekeeping.sync.failure(),
                housekeeping.bounds.failure(),
                housekeeping.failures(),
                seriesLimit.refused(),
                seriesLimit.offender(),
                housekeeping.bounds.steps().counts().byReason(),
                housekeeping.bounds.steps().counts().isLosing(),
                wal.checkpoints(),
                now.locked(),
                sessions.restarts(),
                database.schemaVersions());
    }
}
