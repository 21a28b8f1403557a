package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that somebody takes from under the running store, which then is the only one to have what was in them. */
class DeletedFileTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level");

    @TempDir
    Path folder;

    private Path file;
    private final AtomicLong nanos = new AtomicLong();
    private FaultTolerantStore store;
    private int appended;

    @BeforeEach
    void open() throws StoreException {
        file = folder.resolve("metrics.db");
        store = new FaultTolerantStore(
                new DatabasePlace(file, CLOCK, Platform.REAL),
                (settings, onFailure) -> StoreOpening.open(TestStores.place(file), settings, CLOCK),
                TestStores.SETTINGS,
                1_000,
                CLOCK,
                nanos::get,
                Runnable::run);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsADeletedDatabaseOpenUntilItIsWrittenAnew() throws Exception {
        append(100);
        Files.delete(file);
        // As on a disk without room: the copy cannot be written.
        Path inTheWay =
                Files.createDirectories(folder.resolve("metrics.db.rescuing").resolve("x"));
        later();
        append(1);

        assertThat(store.state().trouble()).contains("metrics.db.rescuing");
        assertThat(pending()).isEqualTo(101);
        append(1);
        assertThat(store.state().ringSamples()).isEqualTo(1);

        Files.delete(inTheWay);
        later();
        append(1);
        assertThat(store.state().trouble()).isNull();
        assertThat(pending()).isEqualTo(103);
        assertThat(names()).contains("metrics.db").doesNotContain("metrics.db.rescuing", "metrics.db.rescued");
    }

    @Test
    void goesOnWithACopyThatGotNoName() throws Exception {
        append(100);
        Files.delete(file);
        Path inTheWay =
                Files.createDirectories(folder.resolve("metrics.db.rescued").resolve("x"));
        later();
        append(1);
        assertThat(store.state().trouble()).contains("metrics.db.rescued");

        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        later();
        append(1);
        assertThat(store.state().trouble()).isNull();
        assertThat(pending()).isEqualTo(102);
    }

    @Test
    void writesADatabaseAnewThatWasDeletedJustBeforeTheEnd() throws Exception {
        append(10);
        Files.delete(file);
        store.close();
        open();

        assertThat(pending()).isEqualTo(10);
        assertThat(names()).doesNotContain("metrics.db.rescued");
    }

    @Test
    void leavesNothingBehindWhenOnlyTheLogWasDeleted() throws Exception {
        append(10);
        Files.delete(folder.resolve("metrics.db-wal"));
        later();
        append(1);

        assertThat(store.state().trouble()).isNull();
        assertThat(pending()).isEqualTo(11);
        assertThat(names()).containsExactly("metrics.db", "metrics.db-shm", "metrics.db-wal");
    }

    @Test
    void goesOnWithItsOwnSamplesWhenAnotherFileTakesTheName() throws Exception {
        append(10);
        Path other = folder.resolve("other");
        Files.writeString(other, "A backup");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        later();
        append(1);

        assertThat(pending()).isEqualTo(11);
        assertThat(folder.resolve("metrics.db.replaced-" + NOW.getEpochSecond()))
                .hasContent("A backup");
    }

    private void append(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            store.append(new SampleBatch(
                    NOW.plusMillis(appended),
                    "rig",
                    new TreeMap<>(),
                    Priority.NORMAL,
                    List.of(LEVEL.sample(appended++))));
        }
    }

    private void later() {
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    }

    private int pending() throws StoreException {
        return store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                .map(Delivery::size)
                .orElse(0);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
