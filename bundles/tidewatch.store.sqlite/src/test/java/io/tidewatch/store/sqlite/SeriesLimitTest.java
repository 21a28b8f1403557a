package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tag that changes all the time fills neither the heap nor the store, and is named. */
class SeriesLimitTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric WILD = Metric.gauge("wild.rtt", Unit.NONE, "A round trip", "request");
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level", "n");

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private int time;

    @Test
    void dropsAndCountsSamplesOfSeriesBeyondTheLimit() throws Exception {
        Path file = folder.resolve("metrics.db");
        StoreSettings settings = new StoreSettings(
                Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20, 100, Bounds.DEFAULTS);
        Platform platform = TestStores.timed(nanos::get);
        try (FaultTolerantStore store = new FaultTolerantStore(
                new DatabasePlace(file, CLOCK, platform),
                (now, onFailure) -> StoreOpening.open(TestStores.place(file), now, CLOCK, platform, onFailure),
                settings,
                1_000,
                CLOCK,
                nanos::get,
                Runnable::run)) {
            int stored = 0;
            for (int pass = 0; pass < 20; pass++) {
                AppendResult result = append(store, WILD, pass * 10, 10);
                stored += result.stored();
                assertThat(result.stored() + result.dropped().getOrDefault("too_many_series", 0))
                        .isEqualTo(10);
            }
            assertThat(stored).as("half of the limit").isEqualTo(50);
            assertThat(append(store, LEVEL, 0, 50).stored())
                    .as("others find room")
                    .isEqualTo(50);
            assertThat(append(store, WILD, 0, 10).stored())
                    .as("known series go on")
                    .isEqualTo(10);

            assertThat(store.state().store().refused()).isEqualTo(Map.of("wild.rtt", 150L));
            Health health = StorageHealth.of(file, store.status(), store.state(), List.of(), NOW);
            assertThat(health.status()).isEqualTo(Status.DEGRADED);
            assertThat(health.message()).contains("wild.rtt has too many series");
            assertThat(health.details()).containsEntry("refused_for_series", Map.of("wild.rtt", 150L));

            nanos.addAndGet(Duration.ofMinutes(11).toNanos());
            assertThat(StorageHealth.of(file, store.status(), store.state(), List.of(), NOW)
                            .status())
                    .as("none was refused for ten minutes")
                    .isEqualTo(Status.OK);

            store.configure(
                    new StoreSettings(
                            Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20, 200, Bounds.DEFAULTS),
                    1_000);
            assertThat(append(store, WILD, 1000, 10).stored()).isEqualTo(10);
        }
    }

    private AppendResult append(FaultTolerantStore store, Metric metric, int from, int count) throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            samples.add(metric.sample(i, String.valueOf(i)));
        }
        return store.append(new SampleBatch(NOW.plusMillis(time++), "rig", new TreeMap<>(), Priority.NORMAL, samples));
    }
}
