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

/** The figures of a store as of its last change, which are read without its lock. */
record StoreFigures(long pending, long oldestPending, long quarantined, long clamped, boolean locked) {
    /** The figures as they are now. The caller holds the lock of the store. */
    static StoreFigures of(DeliveryState deliveries, Intake intake, Database database) {
        PendingCount pending = deliveries.pending();
        return new StoreFigures(
                pending.total(), pending.oldest(), deliveries.quarantined(), intake.clamped(), database.isExclusive());
    }

    StoreStatus status(WriteAheadLog wal) {
        return new StoreStatus(
                wal.databaseBytes(),
                wal.walBytes(),
                pending,
                oldestPending == PendingCount.NONE
                        ? Optional.empty()
                        : Optional.of(Instant.ofEpochMilli(oldestPending)),
                quarantined);
    }

    StoreState state(Housekeeping housekeeping, SeriesLimit seriesLimit, Sessions sessions, Database database) {
        WriteAheadLog wal = housekeeping.wal;
        return new StoreState(
                clamped,
                wal.isOverLimit(),
                wal.obstacle(),
                housekeeping.sync.failure(),
                housekeeping.bounds.failure(),
                housekeeping.bounds.shortage(),
                housekeeping.failures(),
                seriesLimit.refused(),
                seriesLimit.offender(),
                housekeeping.bounds.steps().counts().byReason(),
                housekeeping.bounds.steps().counts().isLosing(),
                wal.checkpoints(),
                locked,
                sessions.restarts(),
                database.schemaVersions());
    }
}
