package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.FLOW;
import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.OPERATOR;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundsKeeperTest {
    private static final Bounds BOUNDS =
            new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 0, Duration.ofDays(1));

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(NOW);
    private Path file;
    private FreeSpace freeSpace = FreeSpace::ofFileSystem;
    private @Nullable SqliteStore store;

    @BeforeEach
    void place() {
        file = folder.resolve("metrics.db");
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void historyGoesWhenItIsOldAndPendingSamplesStay() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1), OPERATOR.sample("Ann")));
        deliverAll();
        store.append(batch(NOW.plusSeconds(1), Priority.NORMAL, LEVEL.sample(2), OPERATOR.sample("Ann")));

        clock.set(NOW.plus(BOUNDS.historyRetention()));
        keepBounds();
        assertThat(evicted()).isEmpty();
        clock.set(clock.instant().plus(Duration.ofMinutes(10)).plusSeconds(2));
        keepBounds();

        assertThat(evicted()).isEqualTo(Map.of("history_expired", 3L));
        assertThat(query("SELECT group_concat(CAST(metric_value AS INTEGER)) FROM metrics"))
                .isEqualTo("2");
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        assertThat(store.state().losing()).isFalse();
    }

    @Test
    void pendingSamplesGoWhenTheyAreVeryOld() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.CRITICAL, LEVEL.sample(1)));
        store.append(batch(NOW.plusSeconds(1), Priority.LOW, FLOW.sample(2, "a")));

        clock.set(NOW.plus(BOUNDS.pendingRetention()).plusMillis(1));
        keepBounds();

        assertThat(evicted()).isEqualTo(Map.of("pending_expired", 1L));
        assertThat(query("SELECT group_concat(CAST(metric_value AS INTEGER)) FROM metrics"))
                .isEqualTo("2");
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        assertThat(store.status().oldestPending()).hasValue(NOW.plusSeconds(1));
        assertThat(store.state().losing()).isTrue();

        clock.set(clock.instant().plus(Duration.ofMinutes(59)));
        keepBounds();
        assertThat(store.state().losing()).as("the second one was lost, too").isTrue();
        clock.set(clock.instant().plus(Duration.ofMinutes(59)));
        keepBounds();
        assertThat(store.state().losing()).isTrue();
        clock.set(clock.instant().plus(Duration.ofMinutes(1)));
        keepBounds();
        assertThat(store.state().losing()).as("nothing was lost for an hour").isFalse();
    }

    @Test
    void aClockThatIsFarAheadExpiresNothingThatWasNeverDelivered() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Instant wrong = Instant.parse("2038-01-19T03:14:07Z");
        close();
        clock.set(wrong);
        open(BOUNDS);
        store.append(batch(wrong, Priority.NORMAL, LEVEL.sample(2)));
        keepBounds();
        close();
        clock.set(wrong.plus(Duration.ofHours(1)));
        open(BOUNDS);
        store.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(3)));
        keepBounds();
        assertThat(evicted()).as("at once, and after another start").isEmpty();

        // Right again: the session of 2038 is of no account.
        close();
        clock.set(NOW.plus(Duration.ofHours(2)));
        open(BOUNDS);
        clock.set(NOW.plus(BOUNDS.pendingRetention()).plusMillis(1));
        keepBounds();
        assertThat(evicted()).isEqualTo(Map.of("pending_expired", 1L));
        assertThat(query("SELECT group_concat(CAST(metric_value AS INTEGER)) FROM metrics"))
                .isEqualTo("2,3");
    }

    @Test
    void pendingSamplesExpireOnceAServerHasTakenSome() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Instant later = NOW.plus(Duration.ofDays(40));
        close();
        clock.set(later);
        open(BOUNDS);
        store.append(batch(later, Priority.NORMAL, LEVEL.sample(2)));
        keepBounds();
        assertThat(evicted()).isEmpty();

        Delivery live = store.next(
                        new DeliveryQuery(DESTINATION, later, later.plusMillis(1), Set.of(Priority.NORMAL), 10))
                .orElseThrow();
        store.complete(live, DeliveryOutcome.accepted(live, later.plusSeconds(1)));
        clock.set(later.plus(Duration.ofMinutes(11)));
        keepBounds();

        assertThat(evicted()).isEqualTo(Map.of("pending_expired", 1L));
    }

    @Test
    void pendingSamplesExpireOnceTheyAreOldByTheTimeSinceALeap() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Instant leap = NOW.plus(Duration.ofDays(400));
        close();
        clock.set(leap);
        open(BOUNDS);
        store.append(batch(leap, Priority.NORMAL, LEVEL.sample(2)));
        clock.set(leap.plus(BOUNDS.pendingRetention()).minusMillis(1));
        keepBounds();
        assertThat(evicted()).isEmpty();

        clock.set(leap.plus(BOUNDS.pendingRetention()).plus(Duration.ofMinutes(11)));
        keepBounds();
        assertThat(evicted()).isEqualTo(Map.of("pending_expired", 2L));
    }

    @Test
    void aClockThatIsSetFarAheadWhileTheStoreRunsExpiresNothing() throws Exception {
        Path uptime = file.resolveSibling("uptime");
        Files.writeString(uptime, "1000.00 1.00");
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        clock.set(Instant.parse("2038-01-19T03:14:07Z"));
        Files.writeString(uptime, "1060.00 1.00");
        keepBounds();
        clock.set(clock.instant().plus(Duration.ofMinutes(11)));
        Files.writeString(uptime, "1720.00 1.00");
        keepBounds();

        assertThat(evicted()).isEmpty();
    }

    @Test
    void whatMayHaveToBeSentAgainIsSparedByAge() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        clock.set(NOW.plus(Duration.ofDays(3)));
        deliverAll();
        Instant delivered = clock.instant();

        keepBounds();
        assertThat(evicted()).isEmpty();
        assertThat(store.resend(DESTINATION, delivered)).isEqualTo(1);
        deliverAll();

        clock.set(delivered.plus(DeliveryTables.REMEMBERED).plusMillis(1));
        keepBounds();
        assertThat(evicted()).isEqualTo(Map.of("history_expired", 1L));
    }

    @Test
    void whatIsQuarantinedGoesWithItsReason() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1), FLOW.sample(1, "a")));
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        store.complete(
                delivery,
                new DeliveryOutcome(
                        List.of(),
                        List.of(new DeliveryOutcome.Rejection(
                                delivery.series().get(0).all(), "bad"))));
        assertThat(store.status().quarantinedSamples()).isEqualTo(1);

        clock.set(NOW.plus(Duration.ofDays(3)));
        keepBounds();

        assertThat(store.status().quarantinedSamples()).isZero();
        assertThat(query("SELECT count(*) FROM quarantine")).isEqualTo("0");
        assertThat(query("SELECT count(*) FROM metrics")).isEqualTo("1");
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    void overTheSizeDeliveredSamplesGoFirstThenTheLowestPriority() throws Exception {
        open(BOUNDS);
        int delivered = 6_000;
        fill(0, delivered, Priority.CRITICAL, "delivered");
        deliverAll();
        fill(delivered, 6_000, Priority.CRITICAL, "critical");
        fill(delivered, 6_000, Priority.NORMAL, "normal");
        store.checkpoint();
        long full = usedBytes();

        open(maxSize(full - 50_000));
        keepBounds();
        Map<String, Long> first = evicted();
        assertThat(first).containsOnlyKeys("max_size_delivered");
        assertThat(first.get("max_size_delivered")).isBetween(2_000L, 5_000L);
        assertThat(query("SELECT min(timestamp_ms) FROM metrics"))
                .as("the oldest went")
                .isEqualTo(String.valueOf(NOW.toEpochMilli() + first.get("max_size_delivered")));
        assertThat(usedBytes()).isLessThanOrEqualTo(full - 50_000);

        // The pages of both are the same ones, so that all normal samples go before the critical ones give any back.
        open(maxSize(full / 3));
        keepBounds();
        assertThat(evicted()).containsOnlyKeys("max_size_delivered", "max_size_pending");
        assertThat(usedBytes()).isLessThanOrEqualTo(full / 3);
        assertThat(pending(Priority.NORMAL)).isZero();
        assertThat(pending(Priority.CRITICAL)).isBetween(1_000L, 5_900L);
        assertThat(store.status().pendingSamples()).isEqualTo(12_000 - evicted().get("max_size_pending"));
        Delivery rest =
                store.next(DeliveryQuery.everything(DESTINATION, 100_000)).orElseThrow();
        SeriesSamples critical = rest.series().get(0);
        assertThat(critical.timestamp(critical.size() - 1))
                .as("the newest stayed")
                .isEqualTo(NOW.toEpochMilli() + delivered + 5_999);
        store.checkpoint();
        assertThat(Files.size(file)).as("pages are given back").isLessThanOrEqualTo(full / 3 + 100_000);
    }

    @Test
    void aPassIsCutShortAndGoneOnWith() throws Exception {
        open(maxSize(1 << 20));
        for (int part = 0; part < 16; part++) {
            fill(part * 10_000, 10_000, Priority.NORMAL, "a");
        }
        deliverAll();

        assertThat(store.bounds().pass()).isTrue();
        assertThat(store.state().evicted().get("max_size_delivered")).isLessThanOrEqualTo(100_000);
        keepBounds();
        assertThat(usedBytes()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void aStoreThatStopsEvictsNothingMore() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, OPERATOR.sample("Ann")));
        clock.set(NOW.plus(Duration.ofDays(3)));
        store.bounds().stop();

        assertThat(store.bounds().pass()).isFalse();
        assertThat(evicted()).isEmpty();
    }

    @Test
    void whatIsBeingDeliveredIsSpared() throws Exception {
        open(BOUNDS);
        fill(0, 3_000, Priority.NORMAL, "a");
        store.checkpoint();
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 100)).orElseThrow();
        store.configure(settings(maxSize(1)));
        keepBounds();

        assertThat(store.status().pendingSamples()).isEqualTo(100);
        store.complete(delivery, DeliveryOutcome.accepted(delivery, clock.instant()));
        assertThat(store.status().pendingSamples()).isZero();
        keepBounds();
        assertThat(query("SELECT count(*) FROM metrics")).isEqualTo("0");
        assertThat(store.append(batch(clock.instant(), Priority.NORMAL, FLOW.sample(1, "a")))
                        .stored())
                .isEqualTo(1);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    void aFullDiskGetsItsRoomBack() throws Exception {
        long disk = 4L << 20;
        freeSpace = path -> disk - sizeOf(path) - sizeOf(path.resolveSibling("metrics.db-wal"));
        open(BOUNDS);
        for (int part = 0; part < 12; part++) {
            fill(part * 10_000, 10_000, Priority.NORMAL, "a");
        }
        deliverAll();
        store.checkpoint();
        assertThat(freeSpace.usable(file)).isLessThan(2L << 20);

        open(minFree(2L << 20));
        keepBounds();

        assertThat(freeSpace.usable(file)).isGreaterThanOrEqualTo(2L << 20);
        assertThat(evicted()).containsOnlyKeys("min_free_delivered");
        assertThat(query("SELECT count(*) FROM metrics")).isNotEqualTo("0");
    }

    @Test
    void aSmallStoreKeepsWhatIsPendingThoughOthersFillTheDisk() throws Exception {
        freeSpace = path -> 1 << 20;
        open(minFree(2L << 20));
        fill(0, 5_000, Priority.NORMAL, "a");
        deliverAll();
        fill(5_000, 5_000, Priority.NORMAL, "a");
        keepBounds();

        assertThat(evicted()).isEqualTo(Map.of("min_free_delivered", 5_000L));
        assertThat(store.status().pendingSamples()).isEqualTo(5_000);
        assertThat(store.state().losing()).isFalse();

        for (int part = 1; part < 12; part++) {
            fill(part * 10_000, 10_000, Priority.NORMAL, "a");
        }
        // Each time the disk has as little room as before.
        for (int i = 0; i < 10; i++) {
            keepBounds();
        }
        assertThat(evicted()).containsKey("min_free_pending");
        assertThat(usedBytes()).as("until it is small").isBetween(1L << 20, 2L << 20);
    }

    @Test
    void aDiskThatIsShortOfRoomShowsUntilItHasSome() throws Exception {
        AtomicLong free = new AtomicLong(1 << 20);
        freeSpace = path -> free.get();
        open(minFree(3L << 20));
        keepBounds();
        assertThat(health().status()).isEqualTo(Status.DEGRADED);
        assertThat(health().message())
                .isEqualTo("The file system of " + file
                        + " has 1 MiB left, less than min.free (3 MiB): delivered samples are evicted; make room, or"
                        + " lower min.free");

        free.set(3L << 20);
        keepBounds();
        assertThat(health().status()).isEqualTo(Status.OK);

        free.set(0);
        keepBounds();
        assertThat(health().message()).contains("has 0 MiB left");
        open(minFree(0));
        keepBounds();
        assertThat(health().status()).as("min.free = 0B").isEqualTo(Status.OK);
    }

    private Health health() {
        return StorageHealth.of(
                file,
                store.status(),
                new FaultTolerantStore.State(store.state(), null, 0, 0, 0, null),
                List.of(),
                clock.instant());
    }

    @Test
    void aFileSystemThatDoesNotTellIsNotFull() throws Exception {
        freeSpace = path -> {
            throw new IOException("no such call");
        };
        open(minFree(2L << 20));
        fill(0, 100, Priority.NORMAL, "a");
        keepBounds();

        assertThat(evicted()).isEmpty();
    }

    @Test
    void seriesGoWithTheirLastSample() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1), OPERATOR.sample("Ann"), FLOW.sample(1, "gone")));
        deliverAll();
        String last = query("SELECT max(id) FROM series");
        for (int hour = 1; hour <= 72; hour++) {
            clock.set(NOW.plus(Duration.ofHours(hour)));
            store.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(1)));
            deliverAll();
        }
        keepBounds();

        assertThat(query("SELECT group_concat(name) FROM series")).isEqualTo(LEVEL.name());
        store.append(batch(clock.instant(), Priority.HIGH, FLOW.sample(2, "back"), FLOW.sample(1, "gone")));
        assertThat(query("SELECT count(*) FROM series WHERE id = " + last))
                .as("of those who read the old one's samples")
                .isEqualTo("0");
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        assertThat(delivery.series().stream().map(one -> one.series().tags()))
                .containsExactlyInAnyOrder(
                        new TreeMap<>(Map.of("pipe", "back")), new TreeMap<>(Map.of("pipe", "gone")));
    }

    @Test
    void aSeriesOfABacklogStays() throws Exception {
        open(BOUNDS);
        store.append(batch(NOW, Priority.NORMAL, FLOW.sample(1, "old")));
        close();
        open(BOUNDS);
        clock.set(NOW.plus(Duration.ofDays(20)));
        store.append(batch(clock.instant(), Priority.NORMAL, OPERATOR.sample("Ann")));
        keepBounds();

        assertThat(query("SELECT count(*) FROM series WHERE name = '" + FLOW.name() + "'"))
                .isEqualTo("1");
        assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))
                        .orElseThrow()
                        .size())
                .isEqualTo(1);
    }

    @Test
    void islandsOfDeliveredTimeBecomeOne() throws Exception {
        open(BOUNDS);
        for (int hour = 0; hour < 6; hour++) {
            clock.set(NOW.plus(Duration.ofHours(hour)));
            store.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(1)));
            if (hour % 2 == 1) {
                Delivery delivery = store.next(new DeliveryQuery(
                                DESTINATION,
                                clock.instant(),
                                clock.instant().plusMillis(1),
                                Set.of(Priority.NORMAL),
                                10))
                        .orElseThrow();
                store.complete(delivery, DeliveryOutcome.accepted(delivery, clock.instant()));
            }
        }
        assertThat(query("SELECT count(*) FROM delivered")).isEqualTo("3");

        clock.set(NOW.plus(BOUNDS.pendingRetention()).plus(Duration.ofHours(3)).plusMillis(1));
        keepBounds();
        assertThat(query("SELECT count(*) FROM delivered")).isEqualTo("2");
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    void theFileStopsGrowingWhenTheHistoryIsFull() throws Exception {
        open(new Bounds(Duration.ofHours(2), Duration.ofDays(30), 500L << 20, 0, Duration.ofDays(1)));
        List<Long> sizes = new ArrayList<>();
        for (int tenMinutes = 0; tenMinutes < 6 * 12; tenMinutes++) {
            for (int second = 0; second < 600; second += 10) {
                clock.set(NOW.plusSeconds(tenMinutes * 600L + second));
                store.append(batch(clock.instant(), Priority.NORMAL, pass()));
            }
            deliverAll();
            keepBounds();
            if (tenMinutes % 6 == 5) {
                store.checkpoint();
                sizes.add(Files.size(file));
            }
        }

        assertThat(sizes.get(2)).isGreaterThan(sizes.get(0));
        assertThat(sizes.get(11)).as("%s", sizes).isLessThanOrEqualTo(sizes.get(3) * 11 / 10);
        assertThat(query("SELECT count(*) FROM metrics"))
                .isBetween(String.valueOf(2 * 360 * 20), String.valueOf(3 * 360 * 20));
    }

    @Test
    void theTimerKeepsTheBounds() throws Exception {
        open(new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 0, Duration.ofMillis(5)));
        store.append(batch(NOW, Priority.NORMAL, OPERATOR.sample("Ann")));
        clock.set(NOW.plus(Duration.ofDays(3)));

        await().until(() -> evicted().equals(Map.of("history_expired", 1L)));
    }

    @Test
    void aPassThatFailsIsMadeAgain() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        freeSpace = path -> {
            if (broken.get()) {
                throw new IllegalStateException("broken");
            }
            return Long.MAX_VALUE;
        };
        open(new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 1, Duration.ofMillis(5)));
        await().until(() -> store.bounds().failure() != null);
        assertThat(store.state().evictionFailure()).contains("broken");

        broken.set(false);
        await().until(() -> store.bounds().failure() == null);
    }

    private void open(Bounds bounds) throws Exception {
        close();
        store = TestStores.open(file, settings(bounds), clock, TestStores.platform(freeSpace));
    }

    private static StoreSettings settings(Bounds bounds) {
        return new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20, 1000, bounds);
    }

    private static Bounds maxSize(long bytes) {
        return new Bounds(BOUNDS.historyRetention(), BOUNDS.pendingRetention(), bytes, 0, BOUNDS.interval());
    }

    private static Bounds minFree(long bytes) {
        return new Bounds(
                BOUNDS.historyRetention(), BOUNDS.pendingRetention(), BOUNDS.maxSize(), bytes, BOUNDS.interval());
    }

    private void keepBounds() throws Exception {
        for (int pass = 0; store.bounds().pass(); pass++) {
            assertThat(pass).as("passes").isLessThan(100);
        }
    }

    /** One sample a millisecond, in one transaction. */
    private void fill(int from, int count, Priority priority, String pipe) throws Exception {
        List<OverflowRing.Entry> entries = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            Instant time = NOW.plusMillis(i);
            entries.add(new OverflowRing.Entry(batch(time, priority, FLOW.sample(i, pipe)), time));
        }
        store.write(entries);
    }

    private Sample[] pass() {
        Sample[] samples = new Sample[20];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = FLOW.sample(i, "p" + i);
        }
        return samples;
    }

    private void deliverAll() throws Exception {
        while (true) {
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 50_000)).orElse(null);
            if (delivery == null) {
                return;
            }
            store.complete(delivery, DeliveryOutcome.accepted(delivery, clock.instant()));
        }
    }

    private long pending(Priority priority) throws Exception {
        return Long.parseLong(
                query("SELECT count(*) FROM metrics WHERE uploaded = 0 AND priority = " + priority.level()));
    }

    private Map<String, Long> evicted() {
        Map<String, Long> evicted = new TreeMap<>(store.state().evicted());
        evicted.values().removeIf(count -> count == 0);
        return evicted;
    }

    private long usedBytes() throws Exception {
        return store.database().pages().usedBytes();
    }

    private static long sizeOf(Path path) throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    private String query(String sql) throws Exception {
        try (Statement statement = store.database().connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
