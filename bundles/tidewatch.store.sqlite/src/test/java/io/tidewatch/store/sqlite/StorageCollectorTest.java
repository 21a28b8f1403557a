package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.engine.StoreState;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageCollectorTest implements CollectorContract, DocumentedCollector {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        StoreStatus status = new StoreStatus(4096, 512, 7, Optional.of(NOW.minusSeconds(90)), 1);
        return collector(
                status,
                new StoreState(
                        0,
                        false,
                        null,
                        null,
                        null,
                        null,
                        0,
                        Map.of("srt.rtt", 4L),
                        null,
                        Map.of("history_expired", 5L, "max_size_pending", 0L),
                        false,
                        new WriteAheadLog.Checkpoints(2, Duration.ofMillis(13), 9000),
                        false,
                        3,
                        List.of(103)),
                11);
    }

    @Override
    public String pid() {
        return "tidewatch.collector.storage";
    }

    @Test
    void reportsTheStore() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .containsOnly(
                        Map.entry("storage.database_size_bytes[]", 4096.0),
                        Map.entry("storage.wal_size_bytes[]", 512.0),
                        Map.entry("storage.metrics_pending_upload[]", 7.0),
                        Map.entry("storage.oldest_pending_seconds[]", 90.0),
                        Map.entry("storage.metrics_evicted_total[ring]", 11.0),
                        Map.entry("storage.metrics_dropped_total[too_many_series, srt.rtt]", 4.0),
                        Map.entry("storage.metrics_dropped_total[unstorable, ]", 1.0),
                        Map.entry("storage.metrics_evicted_total[history_expired]", 5.0),
                        Map.entry("storage.wal_checkpoint_duration_ms[]", 13.0),
                        Map.entry("storage.wal_bytes_reclaimed_total[]", 9000.0),
                        Map.entry("storage.written_bytes_total[]", 65536.0),
                        Map.entry("agent.restarts_total[]", 3.0));
    }

    @Test
    void reportsWhatItKnowsWhileTheDatabaseIsNotOpen() throws Exception {
        StoreStatus status = new StoreStatus(0, 0, 0, Optional.empty(), 0);

        assertThat(RealMachine.valuesOf(collector(status, null, 0).collect()))
                .containsOnlyKeys(
                        "storage.database_size_bytes[]",
                        "storage.wal_size_bytes[]",
                        "storage.metrics_pending_upload[]",
                        "storage.oldest_pending_seconds[]",
                        "storage.written_bytes_total[]");
    }

    @Test
    void reportsNoWrittenBytesWhereTheKernelDoesNotTell() throws Exception {
        Path file = folder.resolve("io");
        assertThat(new WrittenBytes(file).read()).isEmpty();

        Files.writeString(file, "rchar: 1\nwrite_bytes: many\n");
        assertThat(new WrittenBytes(file).read()).isEmpty();

        Files.writeString(file, "rchar: 1\n");
        assertThat(new WrittenBytes(file).read()).isEmpty();
    }

    private Collector collector(StoreStatus status, @Nullable StoreState open, long ringDropped) throws Exception {
        Path io = folder.resolve("io");
        Files.writeString(io, "rchar: 1\nwchar: 2\nread_bytes: 3\nwrite_bytes: 65536\ncancelled_write_bytes: 0\n");
        StorageSelf store = new StorageSelf() {
            @Override
            public Instant present() {
                return NOW;
            }

            @Override
            public StoreStatus status() {
                return status;
            }

            @Override
            public FaultTolerantStore.State state() {
                return new FaultTolerantStore.State(open, null, 0, ringDropped, ringDropped / 10, null);
            }
        };
        return new StorageCollector(store, new WrittenBytes(io));
    }
}
