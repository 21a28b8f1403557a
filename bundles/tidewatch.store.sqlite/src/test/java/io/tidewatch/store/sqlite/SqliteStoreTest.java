package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.FLOW;
import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.OPERATOR;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.db.WriteAheadLog;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.retention.EvictionCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class SqliteStoreTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Path file;
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
    void usesThePragmasThatSpareTheDisk() throws Exception {
        open();

        assertThat(query("PRAGMA page_size")).isEqualTo("512");
        assertThat(query("PRAGMA journal_mode")).isEqualTo("wal");
        assertThat(query("PRAGMA synchronous")).isEqualTo("1");
        assertThat(query("PRAGMA auto_vacuum")).isEqualTo("2");
        assertThat(query("PRAGMA busy_timeout")).isEqualTo("5000");
        assertThat(query("PRAGMA temp_store")).isEqualTo("2");
        assertThat(query("PRAGMA foreign_keys")).isEqualTo("1");
        assertThat(query("PRAGMA cache_size")).isEqualTo("-256");
        assertThat(query("PRAGMA wal_autocheckpoint")).isEqualTo("0");
        assertThat(query("SELECT version || ' ' || applied_at FROM schema_version"))
                .isEqualTo("103 " + NOW.toEpochMilli());
    }

    @Test
    void anAcknowledgedDeliveryIsOneRangeAndOneCheckpoint() throws Exception {
        open();
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 3; i++) {
                store.append(batch(NOW.plusMillis(second * 1000 + i), Priority.NORMAL, LEVEL.sample(1)));
            }
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        }

        assertThat(query("SELECT group_concat(priority || ' ' || first_seq || ' ' || last_seq, ',') FROM delivered"))
                .as("of all priorities, whether they have passes or not")
                .isEqualTo("0 1 9,1 1 9,2 1 9,3 1 9");
        assertThat(query(
                        "SELECT group_concat(chunk_index || ' ' || first_seq || ' ' || last_seq || ' ' || samples, ',')"
                                + " FROM acknowledged"))
                .isEqualTo("0 1 3 3,0 4 6 3,0 7 9 3");
    }

    @Test
    void aPassThatIsDeliveredInPartBecomesTwo() throws Exception {
        open();
        for (int i = 0; i < 2; i++) {
            store.append(batch(NOW.plusMillis(i), Priority.NORMAL, LEVEL.sample(i), FLOW.sample(i + 0.5, "a")));
        }

        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        Slice half = delivery.series().get(0).all();
        store.complete(
                delivery,
                new DeliveryOutcome(List.of(new DeliveryOutcome.Acknowledgement(0, NOW, List.of(half))), List.of()));
        assertThat(query("SELECT group_concat(seq || samples, ' ') FROM pass"))
                .isEqualTo("1[0,null] 2[1,null] 3[null,0.5] 4[null,1.5]");

        Delivery rest = store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        assertThat(rest.size()).isEqualTo(2);
        store.complete(rest, DeliveryOutcome.accepted(rest, NOW));
        assertThat(query("SELECT count(*) FROM delivered")).as("one range each").isEqualTo("4");
        assertThat(query("SELECT count(*) FROM metrics WHERE uploaded = 1")).isEqualTo("4");
    }

    @Test
    void checkpointsArePruned() throws Exception {
        open();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        for (int round = 0; round < 25; round++) {
            store.append(batch(NOW.plusMillis(round), Priority.NORMAL, LEVEL.sample(1)));
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
            List<DeliveryOutcome.Acknowledgement> chunks = new ArrayList<>();
            for (int chunk = 0; chunk < 100; chunk++) {
                chunks.add(new DeliveryOutcome.Acknowledgement(
                        chunk,
                        NOW.plusSeconds(round / 12 * 660L + round % 12 * 10L),
                        List.of(delivery.series().get(0).all())));
            }
            store.complete(delivery, new DeliveryOutcome(chunks, List.of()));
            if (round == 0) {
                store.append(batch(NOW.plusMillis(1), Priority.NORMAL, LEVEL.sample(1)));
            }
            if (round == 11) {
                assertThat(query("SELECT count(*) FROM acknowledged"))
                        .as("of the last ten minutes")
                        .isEqualTo("1200");
            }
        }

        assertThat(query("SELECT count(*) FROM acknowledged")).isEqualTo("1000");
    }

    @Test
    void theViewShowsSamplesAsTheShellWantsThem() throws Exception {
        open();
        store.append(batch(NOW, Priority.HIGH, LEVEL.sample(7), OPERATOR.sample("1.10")));

        assertThat(query("SELECT group_concat(metric_name || ' ' || typeof(metric_value) || ' '"
                        + " || coalesce(metric_value, value_text) || ' ' || value_type || ' ' || tags || ' ' || device_id"
                        + " || ' ' || uploaded || ' ' || priority || ' ' || length(dedup_key), ',') FROM metrics"))
                .isEqualTo("tank.level_percent real 7.0 0 {} rig-7 0 1 78,tank.operator null 1.10 1 {} rig-7 0 1 78");
        assertThat(query("SELECT count(*) FROM metrics m JOIN sessions s ON s.id = m.session_id"))
                .isEqualTo("2");
    }

    @Test
    void aStartAfterACrashMarksTheSessionFailed() throws Exception {
        Files.writeString(folder.resolve("boot_id"), "boot-1\n");
        open();
        store.close();
        open();
        store.append(batch(NOW.plusMillis(5), Priority.NORMAL, LEVEL.sample(1)));
        store.close();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE sessions SET status = 'active', end_time = NULL");
        }
        Files.delete(folder.resolve("boot_id"));
        open();

        assertThat(query("SELECT count(*) FROM sessions WHERE status = 'failed' AND boot_id = 'boot-1' AND end_time = "
                        + (NOW.toEpochMilli() + 5)))
                .isEqualTo("2");
        assertThat(query("SELECT count(*) FROM sessions WHERE status = 'active' AND boot_id IS NULL"))
                .isEqualTo("1");
    }

    @Test
    void countsItsRunsAlsoThoseWhoseRowsAreGone() throws Exception {
        open();
        assertThat(store.state().restarts()).isZero();
        store.close();
        open();
        store.close();
        open();
        assertThat(store.state().restarts()).isEqualTo(2);
        execute(store, "DELETE FROM sessions WHERE status = 'completed'");
        store.close();
        open();

        assertThat(store.state().restarts()).isEqualTo(3);
    }

    @Test
    void countsTheRunsOfADatabaseThatDidNotNumberThem() throws Exception {
        open();
        store.close();
        open();
        execute(store, "UPDATE sessions SET metadata = '{}'");
        store.close();
        open();

        assertThat(store.state().restarts()).isEqualTo(2);
    }

    @Test
    void aCleanEndCompletesTheSessionAndLeavesNoLog() throws Exception {
        open();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        store.close();
        store.close();

        assertThat(folder.resolve("metrics.db-wal")).doesNotExist();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(first(statement, "SELECT group_concat(status) FROM sessions"))
                    .isEqualTo("completed");
        }
        assertThatThrownBy(() -> store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1))))
                .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store.next(DeliveryQuery.everything(DESTINATION, 1)))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void aFailedAppendLeavesEverythingAsItWas() throws Exception {
        open();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        execute(
                store,
                "CREATE TEMP TRIGGER full BEFORE INSERT ON main.pass WHEN new.samples = '[13]'"
                        + " BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
        SampleBatch failing = batch(NOW.plusMillis(1), Priority.CRITICAL, OPERATOR.sample("new"), LEVEL.sample(13));

        assertThatThrownBy(() -> store.append(failing))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("Appending failed: ")
                .hasMessageContaining("disk is full");
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        assertThat(query("SELECT count(*) || ' ' || min(priority) FROM series")).isEqualTo("1 2");
        assertThat(store.next(new DeliveryQuery(
                        DESTINATION, DeliveryQuery.BEGINNING, DeliveryQuery.END, Set.of(Priority.CRITICAL), 10)))
                .isEmpty();

        store.append(batch(NOW.plusMillis(1), Priority.CRITICAL, OPERATOR.sample("new"), LEVEL.sample(14)));
        assertThat(store.status().pendingSamples()).isEqualTo(2);
        assertThat(query("SELECT count(*) || ' ' || min(priority) FROM series")).isEqualTo("2 0");
    }

    @Test
    void aFailedOutcomeLeavesEverythingPending() throws Exception {
        open();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        execute(
                store,
                "CREATE TEMP TRIGGER full BEFORE INSERT ON main.acknowledged"
                        + " BEGIN SELECT RAISE(ABORT, 'disk is full'); END");

        assertThatThrownBy(() -> store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW)))
                .isInstanceOf(StoreException.class);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        assertThat(query("SELECT count(*) FROM delivered")).isEqualTo("0");

        execute(store, "DROP TRIGGER full");
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        assertThat(store.status().pendingSamples()).isZero();
    }

    @Test
    void refusesDatabasesOfOthersAndLeavesThemUntouched() throws Exception {
        refuses("database of another program", "CREATE TABLE notes(text)");
        refuses(
                "database of another program",
                "CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER)",
                "INSERT INTO schema_version VALUES (1, 0), (5, 0)");
        refuses(
                "database of another program",
                "CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER)",
                "INSERT INTO schema_version VALUES (103, 0)");
        refuses(
                "has schema 104, this version of the agent knows 100 to 103",
                "PRAGMA application_id=" + Schema.APPLICATION_ID,
                "CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER)",
                "INSERT INTO schema_version VALUES (103, 0), (104, 0)");
        Files.writeString(file, "This is a text of more than sixteen bytes.".repeat(50));
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("not an SQLite database");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void takesAnEmptyFile() throws Exception {
        Files.createFile(file);
        open();

        assertThat(store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1))).stored())
                .isEqualTo(1);
    }

    @Test
    void saysWhatToDoWhereThereIsNoFolder() {
        assertThatThrownBy(() -> TestStores.open(folder.resolve("absent/metrics.db"), CLOCK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("Check that the folder");
    }

    @Test
    void makesCommitsDurableEachInterval() throws Exception {
        AtomicInteger forced = new AtomicInteger();
        StoreSettings often = new StoreSettings(Duration.ZERO, Duration.ofMillis(5), Duration.ofDays(1), 64L << 20);
        store = TestStores.open(file, often, CLOCK, TestStores.syncing(wal -> {
            assertThat(wal).isEqualTo(folder.resolve("metrics.db-wal"));
            LogSync.force(wal);
            forced.incrementAndGet();
        }));
        int before = forced.get();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));

        Awaitility.await().until(() -> forced.get() > before);
    }

    @Test
    void emptiesTheLogWhenItIsTooLargeAndWritesOverIt() throws Exception {
        StoreSettings small = new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 100_000);
        store = StoreOpening.open(TestStores.place(file), small, CLOCK);
        long largest = 0;
        for (int i = 0; i < 300; i++) {
            store.append(batch(NOW.plusMillis(i), Priority.NORMAL, LEVEL.sample(i)));
            largest = Math.max(largest, store.status().walSizeBytes());
        }

        assertThat(largest).isBetween(50_000L, 100_000L);
        assertThat(Files.size(folder.resolve("metrics.db-wal"))).isBetween(50_000L, 110_000L);
        assertThat(store.state().walOverLimit()).isFalse();
        assertThat(store.status().databaseSizeBytes()).isEqualTo(Files.size(file));
    }

    @Test
    @Tag("slow")
    void theLogStaysUnderItsLimitUnderLoad() throws Exception {
        long limit = 200_000;
        store = StoreOpening.open(
                TestStores.place(file),
                new StoreSettings(Duration.ZERO, Duration.ofMillis(1), Duration.ofDays(1), limit),
                CLOCK);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong largest = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> others = new ArrayList<>();
            others.add(threads.submit(() -> {
                while (!done.get()) {
                    Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, 500))
                            .orElse(null);
                    if (delivery != null) {
                        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
                    }
                }
                return null;
            }));
            others.add(threads.submit(() -> {
                while (!done.get()) {
                    store.bounds().steps().historyStep(EvictionCounts.Reason.HISTORY_EXPIRED, NOW.toEpochMilli(), 100);
                    largest.accumulateAndGet(Files.size(folder.resolve("metrics.db-wal")), Math::max);
                }
                return null;
            }));
            others.add(threads.submit(() -> {
                // Programs that look at the file for a moment keep the log from being cut for a moment.
                while (!done.get()) {
                    try (Connection connection = connect();
                            Statement statement = connection.createStatement()) {
                        statement.execute("PRAGMA busy_timeout=5000");
                        first(statement, "SELECT max(time_ms) FROM pass");
                    }
                }
                return null;
            }));
            for (int i = 0; i < 3_000; i++) {
                store.append(batch(NOW.plusMillis(i), Priority.NORMAL, LEVEL.sample(i), OPERATOR.sample("Ann")));
            }
            done.set(true);
            for (Future<?> other : others) {
                other.get();
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }

        assertThat(largest.get()).as("the limit and what one transaction adds").isBetween(limit / 2, limit + 100_000);
        WriteAheadLog.Checkpoints checkpoints = store.state().checkpoints();
        assertThat(checkpoints.count()).isGreaterThan(5);
        assertThat(checkpoints.reclaimedBytes()).isGreaterThan(checkpoints.count() * limit / 2);
        assertThat(checkpoints.lastDuration()).isPositive();
    }

    @Test
    void noCallKeepsTheLogFromBeingCut() throws Exception {
        open();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=0");
            List<Callable<?>> calls = List.of(
                    () -> store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1), OPERATOR.sample("Ann"))),
                    () -> store.append(batch(NOW.plusMillis(1), Priority.NORMAL, LEVEL.sample(1))),
                    () -> store.append(batch(NOW.plusMillis(2), Priority.HIGH, LEVEL.sample(1))),
                    () -> store.next(DeliveryQuery.everything(DESTINATION, 1)),
                    () -> {
                        Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, 1))
                                .orElseThrow();
                        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
                        return delivery;
                    },
                    () -> store.resend(DESTINATION, NOW),
                    () -> store.shift(NOW, NOW.plusMillis(1), Duration.ofMillis(1)),
                    () -> store.bounds().pass(),
                    () -> store.bounds().steps().historyStep(EvictionCounts.Reason.HISTORY_EXPIRED, Millis.END, 1),
                    () -> store.state());
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).call();
                assertThat(first(statement, "PRAGMA wal_checkpoint(RESTART)"))
                        .as("busy after call %s", i)
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void anInterruptedAppendKeepsNothing() throws Exception {
        open();
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1))))
                .isInstanceOf(InterruptedException.class);
        assertThat(store.status().pendingSamples()).isZero();
    }

    private void open() throws StoreException {
        store = TestStores.open(file, CLOCK);
    }

    private void refuses(String message, String... statements) throws Exception {
        Files.deleteIfExists(file);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining(message);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    private Connection connect() throws SQLException {
        return new JDBC().connect("jdbc:sqlite:" + file, new Properties());
    }

    private String query(String sql) throws SQLException {
        try (Statement statement = store.database().connection().createStatement()) {
            return first(statement, sql);
        }
    }

    private static void execute(SqliteStore store, String sql) throws SQLException {
        try (Statement statement = store.database().connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private static String first(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
