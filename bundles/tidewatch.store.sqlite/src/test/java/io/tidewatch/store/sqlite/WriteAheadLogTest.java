package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.LockHolders;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that cannot be truncated costs no pending sample, and is truncated when it can be. */
class WriteAheadLogTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level", "n");
    private static final long MAX_SIZE = 1 << 20;
    private static final StoreSettings SETTINGS = new StoreSettings(
            Duration.ZERO,
            Duration.ofDays(1),
            Duration.ofDays(1),
            50_000,
            1000,
            new Bounds(Duration.ofDays(2), Duration.ofDays(30), MAX_SIZE, 0, Duration.ofSeconds(60)));

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final StatementFaults faults = new StatementFaults(nanos::get);
    private final List<ManualTimer> timers = new ArrayList<>();
    private final Platform platform =
            new Platform(faults, Platform.REAL.sync(), FreeSpace::ofFileSystem, name -> timer(), nanos::get);
    private int appended;

    @Test
    @Timeout(120)
    @Tag("slow")
    void aReaderCostsNoPendingSample() throws Exception {
        Path file = folder.resolve("metrics.db");
        try (FaultTolerantStore store = open(file)) {
            append(store, 10);
            try (Reader reader = Reader.start(file)) {
                int deferred = 0;
                while (deferred < 100) {
                    deferred += append(store, 50);
                    pass(Duration.ofSeconds(1));
                }
                assertThat(Files.size(file.resolveSibling("metrics.db-wal")))
                        .as("the log takes what max.size leaves, and no more")
                        .isBetween(MAX_SIZE / 2, MAX_SIZE + 100_000);
                pass(Duration.ofMinutes(3));
                assertThat(store.state().store().evicted().values()).containsOnly(0L);
                Health health = health(store, file);
                assertThat(health.status()).isEqualTo(Status.ERROR);
                assertThat(health.message()).contains("another program reads " + file, "java (process " + reader.pid());
            }
            pass(Duration.ofSeconds(10));
            append(store, 1);

            assertThat(store.state().trouble()).isNull();
            assertThat(store.status().pendingSamples()).isEqualTo(appended);
            assertThat(store.next(DeliveryQuery.everything(DESTINATION, 100_000))
                            .orElseThrow()
                            .size())
                    .isEqualTo(appended);
            pass(Duration.ofSeconds(10));
            assertThat(store.state().ringDropped()).isZero();
            assertThat(store.status().walSizeBytes()).isLessThan(60_000);
            assertThat(Files.size(file.resolveSibling("metrics.db-wal")))
                    .as("what is kept of a log that had grown")
                    .isLessThanOrEqualTo(1 << 20);
            assertThat(health(store, file).status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void aCheckpointThatFailsIsTriedAgain() throws Exception {
        Path file = folder.resolve("metrics.db");
        try (FaultTolerantStore store = open(file)) {
            while (store.status().walSizeBytes() < 45_000) {
                append(store, 5);
            }
            // The commit and the checkpoint after it.
            String checkpoint = "PRAGMA wal_checkpoint(RESTART)";
            faults.arm(checkpoint, StatementFaults.Kind.IOERR);
            while (faults.hit() == null) {
                append(store, 5);
            }
            assertThat(health(store, file).status()).isEqualTo(Status.DEGRADED);
            assertThat(health(store, file).message()).contains("Truncating the write-ahead log failed", "dmesg");
            pass(Duration.ofMinutes(2));

            assertThat(store.status().walSizeBytes()).isLessThan(10_000);
            assertThat(store.state().store().evicted().values()).containsOnly(0L);
            assertThat(store.status().pendingSamples()).isEqualTo(appended);
            assertThat(health(store, file).status()).isEqualTo(Status.OK);
        }
    }

    @Test
    void findsWhoHoldsALock() throws Exception {
        Path file = folder.resolve("metrics.db-shm");
        Files.createFile(file);
        Path proc = Files.createDirectories(folder.resolve("proc"));
        Files.createDirectories(proc.resolve("77"));
        Files.writeString(proc.resolve("77").resolve("comm"), "sqlite3\n");
        Object inode = Files.getAttribute(file, "unix:ino");
        Files.writeString(
                proc.resolve("locks"),
                "1: POSIX  ADVISORY  READ 77 08:01:" + inode + " 123 123\n"
                        + "2: POSIX  ADVISORY  READ 5 08:01:" + inode + " 124 124\n"
                        + "3: -> FLOCK  ADVISORY  WRITE 9 08:01:1" + inode + " 0 EOF\n"
                        + "4: POSIX  ADVISORY  READ 88 08:01:" + inode + " 123 123\n"
                        + "nonsense\n");

        assertThat(LockHolders.of(file, proc, 5)).isEqualTo("process 88, sqlite3 (process 77)");
        assertThat(LockHolders.of(folder.resolve("absent"), proc, 5)).contains("sudo fuser -v");
        assertThat(LockHolders.of(file, folder.resolve("no proc"), 5)).contains("sudo fuser -v");
    }

    private FaultTolerantStore open(Path file) throws Exception {
        return new FaultTolerantStore(
                new DatabasePlace(file, CLOCK, platform),
                (settings, onFailure) ->
                        StoreOpening.open(TestStores.place(file), settings, CLOCK, platform, onFailure),
                SETTINGS,
                100_000,
                CLOCK,
                nanos::get,
                Runnable::run);
    }

    private static Health health(FaultTolerantStore store, Path file) {
        return StorageHealth.of(file, store.status(), store.state(), List.of(), NOW);
    }

    /** Returns how many samples went to memory. */
    private int append(FaultTolerantStore store, int count) throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(LEVEL.sample(i, String.valueOf(i)));
        }
        appended += count;
        return store.append(new SampleBatch(NOW.plusMillis(appended), "rig", new TreeMap<>(), Priority.NORMAL, samples))
                .deferred();
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
}
