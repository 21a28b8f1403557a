package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.db.StoreTimer;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a power cut may cost is what the configuration says, whatever else the store does. */
class LogSyncTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");

    private final AtomicLong nanos = new AtomicLong();
    private final ManualTimer timer = new ManualTimer(nanos::get);
    private final List<Long> forced = new ArrayList<>();
    private final AtomicBoolean checkpointWorks = new AtomicBoolean(true);
    private @Nullable IOException failure;
    private int checkpoints;
    private Runnable whileForcing = () -> {};

    private final LogSync sync = new LogSync(
            Path.of("metrics.db-wal"),
            file -> {
                if (failure != null) {
                    throw failure;
                }
                whileForcing.run();
                forced.add(nanos.get());
            },
            new StoreTimer(timer),
            () -> {
                checkpoints++;
                return checkpointWorks.get();
            });

    @Test
    void everyCommitIsForcedWithinTheIntervalAndNoMoreOftenThanThat() {
        sync.configure(INTERVAL);
        List<Long> commits = new ArrayList<>();
        for (int second = 0; second < 3600; second += 10) {
            sync.committed();
            commits.add(nanos.get());
            pass(Duration.ofSeconds(10));
        }
        pass(INTERVAL);

        for (long commit : commits) {
            assertThat(forced)
                    .as("a sync after the commit at %s", commit)
                    .anyMatch(time -> time >= commit && time - commit <= INTERVAL.toNanos());
        }
        assertThat(forced).hasSizeLessThanOrEqualTo(3600 / 30);
    }

    @Test
    void nothingIsForcedWhereNothingIsCommitted() {
        sync.configure(INTERVAL);
        pass(Duration.ofHours(1));
        assertThat(forced).isEmpty();

        sync.committed();
        pass(Duration.ofHours(1));
        assertThat(forced).hasSize(1);
    }

    @Test
    void anotherIntervalHoldsForWhatIsCommittedAlready() {
        sync.configure(INTERVAL);
        sync.committed();
        sync.configure(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(2));

        assertThat(forced).hasSize(1);
    }

    /** The kernel reports a lost page once: only what is written to the database again is known to be there. */
    @Test
    void afterAFailureOnlyACheckpointCounts() {
        sync.configure(INTERVAL);
        failure = new IOException("Input/output error");
        sync.committed();
        pass(INTERVAL);
        assertThat(sync.failure()).contains("Input/output error");

        failure = null;
        checkpointWorks.set(false);
        pass(INTERVAL);
        assertThat(checkpoints).isPositive();
        assertThat(forced).isEmpty();
        assertThat(sync.failure()).contains("Input/output error");

        checkpointWorks.set(true);
        pass(Duration.ofSeconds(5));
        assertThat(sync.failure()).isNull();

        sync.committed();
        pass(INTERVAL);
        assertThat(forced).as("forced as before").hasSize(1);
    }

    @Test
    @Timeout(60)
    void oneThatDoesNotReturnIsNamed() {
        sync.configure(Duration.ofMillis(50));
        whileForcing =
                () -> await().untilAsserted(() -> assertThat(sync.failure()).startsWith("it has not answered for "));
        sync.committed();
        assertThat(sync.failure()).isNull();
        pass(INTERVAL);
        assertThat(forced).hasSize(1);
        assertThat(sync.failure()).isNull();
    }

    @Test
    @Timeout(60)
    void anEvictionThatHangsDoesNotDelayIt(@TempDir Path folder) throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch synced = new CountDownLatch(1);
        Platform platform = new Platform(
                Platform.REAL.connector(),
                file -> synced.countDown(),
                file -> {
                    hanging.countDown();
                    awaitQuietly(goOn);
                    return Long.MAX_VALUE;
                },
                Platform.REAL.timer(),
                Platform.REAL.nanoTime());
        StoreSettings settings = new StoreSettings(
                Duration.ZERO,
                Duration.ofMillis(20),
                Duration.ofDays(1),
                64L << 20,
                1000,
                new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 1, Duration.ofMillis(1)));
        try (SqliteStore store =
                TestStores.open(folder.resolve("metrics.db"), settings, Clock.fixed(NOW, ZoneOffset.UTC), platform)) {
            hanging.await();
            store.append(new SampleBatch(NOW, "rig", new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(1))));
            synced.await();
            goOn.countDown();
        } finally {
            goOn.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Duration duration) {
        for (long i = 0; i < duration.toMillis(); i += 100) {
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            timer.run();
        }
    }
}
