package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.CollectorProperties;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.engine.StoreState;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How large the store is, what waits in it, what it had to give up, and how often the agent was started. */
@Component(configurationPid = "tidewatch.collector.storage")
@CollectorProperties(name = "storage", interval = "60s")
@Designate(ocd = StorageCollector.Config.class)
public final class StorageCollector implements Collector {
    /** Configuration, PID {@code tidewatch.collector.storage}: only what every collector has. */
    @ObjectClassDefinition(id = "tidewatch.collector.storage", name = "Storage collector")
    @interface Config {}

    private static final Metric DATABASE = Metric.gauge(
            "storage.database_size_bytes", Unit.BYTES, "Size of the database file after the last checkpoint");
    private static final Metric WAL =
            Metric.gauge("storage.wal_size_bytes", Unit.BYTES, "Size of the write-ahead log after the last commit");
    private static final Metric PENDING =
            Metric.gauge("storage.metrics_pending_upload", Unit.NONE, "Samples that wait to be delivered");
    private static final Metric OLDEST = Metric.gauge(
            "storage.oldest_pending_seconds", Unit.SECONDS, "Age of the oldest sample that waits to be delivered");
    private static final Metric EVICTED = Metric.counter(
            "storage.metrics_evicted_total", Unit.NONE, "Samples removed, because of their age or for room", "reason");
    private static final Metric CHECKPOINT =
            Metric.gauge("storage.wal_checkpoint_duration_ms", Unit.MILLISECONDS, "How long the last checkpoint took");
    private static final Metric RECLAIMED = Metric.counter(
            "storage.wal_bytes_reclaimed_total",
            Unit.BYTES,
            "By how much checkpoints have shortened the log, all together");
    private static final Metric DROPPED = Metric.counter(
            "storage.metrics_dropped_total",
            Unit.NONE,
            "Samples that were not stored: of series beyond max.series, or of a value that SQLite does not take",
            "reason",
            "metric");
    private static final Metric WRITTEN =
            Metric.counter("storage.written_bytes_total", Unit.BYTES, "Bytes that the agent has had written to disks");
    private static final Metric RESTARTS = Metric.counter(
            "agent.restarts_total", Unit.NONE, "Starts of the agent since the database was made, but one");

    private final StorageSelf store;
    private final WrittenBytes written;

    @Activate
    public StorageCollector(@Reference StorageSelf store) {
        this(store, new WrittenBytes(Path.of("/proc/self/io")));
    }

    StorageCollector(StorageSelf store, WrittenBytes written) {
        this.store = store;
        this.written = written;
    }

    @Override
    public List<Metric> metrics() {
        return List.of(DATABASE, WAL, PENDING, OLDEST, EVICTED, CHECKPOINT, RECLAIMED, DROPPED, WRITTEN, RESTARTS);
    }

    @Override
    public List<Sample> collect() {
        FaultTolerantStore.State state = store.state();
        StoreStatus status = store.status();
        List<Sample> samples = new ArrayList<>();
        samples.add(DATABASE.sample((double) status.databaseSizeBytes()));
        samples.add(WAL.sample((double) status.walSizeBytes()));
        samples.add(PENDING.sample((double) status.pendingSamples()));
        samples.add(OLDEST.sample((double) StorageHealth.oldestPendingSeconds(status, store.present())));
        if (state.ringDropped() > 0) {
            samples.add(EVICTED.sample((double) state.ringDropped(), "ring"));
        }
        if (state.unstorable() > 0) {
            samples.add(DROPPED.sample((double) state.unstorable(), "unstorable", ""));
        }
        StoreState open = state.store();
        if (open != null) {
            open.evicted().forEach((reason, count) -> {
                if (count > 0) {
                    samples.add(EVICTED.sample((double) count, reason));
                }
            });
            WriteAheadLog.Checkpoints checkpoints = open.checkpoints();
            if (checkpoints.count() > 0) {
                samples.add(CHECKPOINT.sample(checkpoints.lastDuration().toNanos() / 1e6));
            }
            samples.add(RECLAIMED.sample((double) checkpoints.reclaimedBytes()));
            open.refused()
                    .forEach((metric, count) -> samples.add(DROPPED.sample((double) count, "too_many_series", metric)));
            samples.add(RESTARTS.sample((double) open.restarts()));
        }
        written.read().ifPresent(bytes -> samples.add(WRITTEN.sample((double) bytes)));
        return samples;
    }
}
