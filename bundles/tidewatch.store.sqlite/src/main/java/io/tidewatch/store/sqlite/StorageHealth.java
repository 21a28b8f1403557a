package io.tidewatch.store.sqlite;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.engine.StoreState;
import io.tidewatch.store.sqlite.recovery.Recovery;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What health says of the store. */
final class StorageHealth {
    private StorageHealth() {}

    static Health of(
            Path file, StoreStatus status, FaultTolerantStore.State state, List<String> problems, Instant now) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("database_size_bytes", status.databaseSizeBytes());
        details.put("wal_size_bytes", status.walSizeBytes());
        details.put("pending_count", status.pendingSamples());
        details.put("oldest_pending_seconds", oldestPendingSeconds(status, now));
        details.put("quarantined", status.quarantinedSamples());
        details.put("ring_samples", state.ringSamples());
        details.put("ring_dropped", state.ringDropped());
        details.put("unstorable", state.unstorable());
        StoreState store = state.store();
        if (store != null) {
            details.put("clamped", store.clamped());
            details.put("background_failures", store.backgroundFailures());
            if (!store.refused().isEmpty()) {
                details.put("refused_for_series", store.refused());
            }
            details.put("locked", store.locked());
            details.put("evicted", store.evicted());
            details.put("schema_version", store.versions().get(0));
            if (store.versions().size() > 1) {
                details.put("migrated_from", store.versions().get(1));
            }
        }
        List<String> limits = new ArrayList<>(problems);
        Recovery.Result recovery = state.recovery();
        if (recovery != null) {
            details.put("damage", recovery.reason());
            details.put("damaged_file", recovery.damagedFile().toString());
            details.put("salvaged", recovery.salvage().samples());
            details.put("salvage_orphans", recovery.salvage().orphans());
            details.put("salvage_gaps", recovery.salvage().stretches());
            limits.add("The database was damaged and is replaced by a new one with what could be saved; check the disk,"
                    + " then remove " + recovery.damagedFile() + " and restart the agent");
        }
        String trouble = state.trouble();
        if (trouble != null) {
            return Health.error(
                    trouble + ". " + state.ringSamples() + " samples wait in memory"
                            + (state.ringDropped() > 0
                                    ? ", " + state.ringDropped() + " were dropped for lack of room"
                                    : ""),
                    details);
        }
        if (store != null && store.losing()) {
            limits.add("Samples that were never delivered are lost since the store is over its bounds; see why the"
                    + " uploader does not deliver, or raise pending.retention, max.size or the disk's free space");
        }
        if (store != null) {
            addFailures(store, limits);
        }
        return limits.isEmpty()
                ? Health.ok("Stores samples in " + file, details)
                : Health.degraded(String.join("; ", limits), details);
    }

    private static void addFailures(StoreState store, List<String> limits) {
        if (store.walObstacle() != null) {
            limits.add(store.walObstacle());
        } else if (store.walOverLimit()) {
            limits.add("The write-ahead log is over its limit and is truncated within seconds");
        }
        if (store.syncFailure() != null) {
            limits.add("The write-ahead log cannot be forced to the disk (" + store.syncFailure()
                    + "): a power cut may cost more than sync.interval; check the disk");
        }
        if (store.evictionFailure() != null) {
            limits.add(store.evictionFailure());
        }
        if (store.diskShortage() != null) {
            limits.add(store.diskShortage());
        }
        if (store.offender() != null) {
            limits.add(store.offender() + " has too many series (max.series): samples of its new ones are dropped."
                    + " A tag of it changes all the time: fix its collector, or raise max.series");
        }
    }

    /** Age of the oldest pending sample; 0 without one. */
    static long oldestPendingSeconds(StoreStatus status, Instant now) {
        return status.oldestPending()
                .map(oldest -> Math.max(0, Duration.between(oldest, now).toSeconds()))
                .orElse(0L);
    }
}
