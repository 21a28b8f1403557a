package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged page that no append and no delivery meets is found by eviction, and the bounds hold again. */
class HousekeepingDamageTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");
    private static final Duration RETENTION = Duration.ofDays(2);
    private static final StoreSettings SETTINGS = new StoreSettings(
            Duration.ZERO,
            Duration.ofDays(1),
            Duration.ofDays(1),
            64L << 20,
            1000,
            new Bounds(RETENTION, Duration.ofDays(30), 500L << 20, 0, Duration.ofSeconds(60)));

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final SettableClock clock = new SettableClock(NOW);
    private final List<ManualTimer> timers = new ArrayList<>();
    private int appended;

    @Test
    void evictionGoesOnAfterADamagedPageOfHistory() throws Exception {
        Path file = folder.resolve("metrics.db");
        try (FaultTolerantStore store = open(file)) {
            for (int i = 0; i < 2_000; i++) {
                append(store);
            }
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 10_000)).orElseThrow();
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        }
        damageALeafOfPasses(file);

        try (FaultTolerantStore store = open(file)) {
            clock.set(NOW.plus(RETENTION).plus(Duration.ofHours(1)));
            append(store);
            assertThat(store.state().trouble())
                    .as("a clean end: nothing is checked")
                    .isNull();
            pass(Duration.ofMinutes(2));
            assertThat(store.state().trouble()).contains("malformed");

            int deferred = 0;
            while (store.state().trouble() != null && deferred < 20) {
                append(store);
                pass(Duration.ofSeconds(5));
                deferred++;
            }
            assertThat(store.state().recovery()).isNotNull();
            clock.set(clock.instant().plus(Duration.ofMinutes(20)));
            pass(Duration.ofMinutes(2));

            assertThat(store.status().pendingSamples()).isEqualTo(1 + deferred);
            assertThat(number(file, "SELECT count(*) FROM metrics"))
                    .as("all history is evicted")
                    .isEqualTo(1 + deferred);
            assertThat(store.state().store().evictionFailure()).isNull();
            assertThat(StorageHealth.of(file, store.status(), store.state(), List.of(), clock.instant())
                            .status())
                    .as("says so until the next start")
                    .isEqualTo(Status.DEGRADED);
            Files.delete(store.state().recovery().damagedFile());
        }
        try (FaultTolerantStore store = open(file)) {
            assertThat(StorageHealth.of(file, store.status(), store.state(), List.of(), clock.instant())
                            .status())
                    .isEqualTo(Status.OK);
        }
    }

    private FaultTolerantStore open(Path file) throws Exception {
        Platform platform = new Platform(
                Platform.REAL.connector(), Platform.REAL.sync(), FreeSpace::ofFileSystem, name -> timer(), nanos::get);
        StorePlace place = TestStores.place(file);
        return new FaultTolerantStore(
                new DatabasePlace(file, clock, platform),
                (settings, onFailure) -> StoreOpening.open(place, settings, clock, platform, onFailure),
                SETTINGS,
                1_000,
                clock,
                nanos::get,
                Runnable::run);
    }

    private void append(FaultTolerantStore store) throws Exception {
        store.append(new SampleBatch(
                clock.instant().plusMillis(appended++),
                "rig",
                new TreeMap<>(),
                Priority.NORMAL,
                List.of(LEVEL.sample(appended))));
    }

    private void pass(Duration duration) {
        for (long i = 0; i < duration.toSeconds(); i++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            timers.removeIf(ManualTimer::isShutdown);
            List.copyOf(timers).forEach(ManualTimer::run);
        }
    }

    private ManualTimer timer() {
        ManualTimer timer = new ManualTimer(nanos::get);
        timers.add(timer);
        return timer;
    }

    private static void damageALeafOfPasses(Path file) throws Exception {
        long page =
                number(file, "SELECT pageno FROM dbstat WHERE name = 'pass' AND pagetype = 'leaf' LIMIT 1 OFFSET 20");
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek((page - 1) * Database.PAGE_SIZE);
            raw.write(new byte[Database.PAGE_SIZE]);
        }
    }

    private static long number(Path file, String sql) throws Exception {
        try (Connection connection = Connections.open(file, true);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
