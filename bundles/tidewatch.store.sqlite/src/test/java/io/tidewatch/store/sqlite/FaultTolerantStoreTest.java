package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import io.tidewatch.store.sqlite.recovery.Recovery;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import io.tidewatch.store.sqlite.resilience.RecoveryThread;
import io.tidewatch.store.sqlite.resilience.StoreCondition;
import io.tidewatch.store.sqlite.resilience.StoreRepair;
import io.tidewatch.store.sqlite.resilience.WaitingSamples;
import io.tidewatch.testing.config.OddFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;

/** Whatever happens to the file, the store goes on, and what is lost is counted. */
class FaultTolerantStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Metric LEVEL = Metric.gauge("test.level", Unit.NONE, "A level", "n");
    private static final int RING = 1_000;
    private static final Delivery NOTHING = new Delivery(UUID.randomUUID(), List.of());

    @TempDir
    Path folder;

    private Path file;
    private final AtomicLong nanos = new AtomicLong();
    private FaultTolerantStore store;
    private int appended;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("metrics.db");
        reopen();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    @Tag("slow")
    void keepsInMemoryWhatAForeignWriterKeepsOut() throws Exception {
        append(3);
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThat(append(1)).isEqualTo(1);
            assertThat(append(1)).as("without waiting for the other one again").isEqualTo(1);

            assertThat(store.state().trouble()).contains("Another program writes to " + file);
            assertThat(store.state().ringSamples()).isEqualTo(2);
            assertThat(store.next(DeliveryQuery.everything(DESTINATION, 100))
                            .orElseThrow()
                            .size())
                    .as("reading goes on")
                    .isEqualTo(3);
            statement.execute("ROLLBACK");
        }
        later();
        assertThat(append(1)).isZero();

        assertThat(store.state().trouble()).isNull();
        assertThat(store.state().ringSamples()).isZero();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 6));
    }

    @Test
    @Tag("slow")
    void aNoteThatAForeignWriterKeepsOutIsWrittenAfterwards() throws Exception {
        store.note("a.key", "1");
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(() -> store.note("a.key", "2"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("Another program writes to " + file);
            assertThat(store.note("a.key")).contains("1");
            statement.execute("ROLLBACK");
        }
        later();
        store.note("a.key", "3");
        append(1);

        assertThat(store.note("a.key")).contains("3");
        assertThat(store.state().trouble()).isNull();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 1));
    }

    @Test
    @Tag("slow")
    void dropsTheOldestAndCountsThemWhenMemoryIsFull() throws Exception {
        store.configure(TestStores.SETTINGS, 10);
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append(25);
            statement.execute("ROLLBACK");
        }

        assertThat(store.state().ringSamples()).isEqualTo(10);
        assertThat(store.state().ringDropped()).isEqualTo(15);
        later();
        append(1);
        assertThat(pendingNumbers()).isEqualTo(numbers(15, 26));
    }

    @Test
    @Tag("slow")
    void writesWhatWaitsBeforeItCloses() throws Exception {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append(5);
            statement.execute("ROLLBACK");
        }
        store.close();

        assertThat(store.state().ringDropped()).isZero();
        reopen();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 5));
        assertThatThrownBy(() -> closed().append(batch(1)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    @Tag("slow")
    void countsWhatItCouldNeverWrite() throws Exception {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append(5);
            store.close();
            statement.execute("ROLLBACK");
        }

        assertThat(store.state().ringDropped()).isEqualTo(5);
        assertThat(store.state().ringSamples()).isZero();
        reopen();
    }

    @Test
    @Tag("slow")
    void doesNotClampWhatHasWaitedLong() throws Exception {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            append(1);
            statement.execute("ROLLBACK");
        }
        FaultTolerantStore waiting = store;
        later();
        append(1);

        assertThat(waiting.state().store().clamped()).isZero();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 2));
    }

    @Test
    void writesADeletedDatabaseAnew() throws Exception {
        append(10);
        Files.delete(file);
        Files.delete(folder.resolve("metrics.db-wal"));
        later();
        append(1);

        assertThat(Files.exists(file)).isTrue();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 11));
        append(1);
        crash();
        reopen();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 12));
    }

    @Test
    void writesADatabaseAnewWhoseLogWasDeleted() throws Exception {
        append(10);
        Files.delete(folder.resolve("metrics.db-wal"));
        later();
        append(1);
        crash();
        reopen();

        assertThat(pendingNumbers()).isEqualTo(numbers(0, 11));
    }

    @Test
    void goesOnWithADamagedPageOfSamples() throws Exception {
        appendAndCrash(3_000);
        overwrite(Files.size(file) / 2, 1024);

        reopen();
        untilItIsRecovered();

        Recovery.Result recovery = store.state().recovery();
        assertThat(recovery).as(String.valueOf(store.state().trouble())).isNotNull();
        assertThat(recovery.salvage().stretches()).isPositive();
        assertThat(recovery.salvage().samples()).isBetween(2_800L, 2_999L);
        assertThat(Files.exists(recovery.damagedFile())).isTrue();
        Set<Double> saved = pendingNumbers();
        assertThat(saved).hasSize((int) recovery.salvage().samples());
        append(1);
        assertThat(pendingNumbers()).hasSize(saved.size() + 1);
        assertThat(check("PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void noticesDamageWhileItRuns() throws Exception {
        appendAndCrash(3_000);
        reopen();
        store.close();
        // After a clean end nothing is checked at the start.
        overwrite(Files.size(file) / 2, 4096);
        reopen();
        assertThat(store.state().recovery()).isNull();

        assertThatThrownBy(() -> store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE)))
                .isInstanceOf(StoreException.class);
        assertThat(append(1)).as("deferred, or written to the new file").isLessThanOrEqualTo(1);
        untilItIsRecovered();
        append(1);

        assertThat(store.state().recovery())
                .as(String.valueOf(store.state().trouble()))
                .isNotNull();
        assertThat(store.state().trouble()).isNull();
        assertThat(pendingNumbers()).hasSizeGreaterThan(2_600).contains(3_000.0, 3_001.0);
    }

    @Test
    void recoversFromDamageThatAnAppendMeets() throws Exception {
        append(1_000);
        store.close();
        long page;
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                // The index by which a series of a new sample is found; nothing else reads it.
                var row = statement.executeQuery(
                        "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_series_1'")) {
            row.next();
            page = row.getLong(1);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek((page - 1) * Database.PAGE_SIZE);
            raw.write(new byte[Database.PAGE_SIZE]);
        }
        reopen();
        assertThat(store.state().trouble()).isNull();

        assertThat(append(1)).isEqualTo(1);
        untilItIsRecovered();

        assertThat(store.state().recovery()).isNotNull();
        assertThat(append(1)).isZero();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 1_002));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 100, 512})
    void goesOnWithAZeroedHeader(int bytes) throws Exception {
        appendAndCrash(500);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(new byte[bytes]);
        }

        reopen();
        untilItIsRecovered();

        assertThat(store.state().recovery())
                .as(String.valueOf(store.state().trouble()))
                .isNotNull();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 500));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 90})
    void goesOnWithATruncatedFile(int percent) throws Exception {
        appendAndCrash(2_000);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(raw.length() * percent / 100 / 1024 * 1024);
        }

        reopen();
        untilItIsRecovered();

        assertThat(store.state().recovery())
                .as(String.valueOf(store.state().trouble()))
                .isNotNull();
        assertThat(pendingNumbers())
                .hasSize((int) store.state().recovery().salvage().samples());
        append(1);
        assertThat(pendingNumbers()).contains(2_000.0);
        assertThat(check("PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void loosesAtMostTheEndOfATornLog() throws Exception {
        append(400);
        byte[] database = Files.readAllBytes(file);
        byte[] log = Files.readAllBytes(folder.resolve("metrics.db-wal"));
        store.close();
        Random random = new Random(1);
        for (int round = 0; round < 20; round++) {
            Files.write(file, database);
            int cut = random.nextInt(log.length);
            byte[] torn = log.clone();
            if (round % 2 == 0) {
                torn = java.util.Arrays.copyOf(torn, cut);
            } else {
                byte[] garbage = new byte[Math.min(700, log.length - cut)];
                random.nextBytes(garbage);
                System.arraycopy(garbage, 0, torn, cut, garbage.length);
            }
            Files.write(folder.resolve("metrics.db-wal"), torn);

            reopen();

            Set<Double> kept = pendingNumbers();
            assertThat(kept).as("a beginning of what was appended").isEqualTo(numbers(0, kept.size()));
            assertThat(check("PRAGMA integrity_check")).isEqualTo("ok");
            store.close();
            Files.deleteIfExists(folder.resolve("metrics.db-wal"));
        }
    }

    @Test
    void goesOnWithAnInterruptedRecovery() throws Exception {
        appendAndCrash(300);
        // As if the machine had stopped after the first step.
        Files.move(file, folder.resolve("metrics.db.damaged"));
        reopen();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 300));
        store.close();

        // As if it had stopped before the last one.
        Files.copy(file, folder.resolve("metrics.db.damaged"));
        reopen();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 300));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()).filter(name -> name.contains("damaged")))
                    .singleElement()
                    .asString()
                    .startsWith("metrics.db.damaged-2026");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PIPE", "ENDLESS", "FOLDER"})
    void whatIsNoFileIsNamedAndSamplesWaitUntilItIsGone(OddFile odd) throws Exception {
        store.close();
        Files.delete(file);
        odd.make(file);
        reopen();
        assertThat(append(2)).isEqualTo(2);
        assertThat(store.state().trouble())
                .startsWith(file + " is no database (" + odd.reason()
                        + "). Remove it, or set path in tidewatch.store.sqlite.cfg");

        Files.delete(file);
        later();
        append(1);

        assertThat(store.state().trouble()).isNull();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 3));
    }

    @Test
    void leavesTheFilesOfOthersAlone() throws Exception {
        store.close();
        Files.writeString(file, "A text that somebody wants to keep.".repeat(100));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(this::reopen).isInstanceOf(StoreException.class).hasMessageContaining("left untouched");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        Files.delete(file);
        reopen();
    }

    @Test
    void asksForASecondDeliveryWhenTheDatabaseWasReplaced() throws Exception {
        append(2);
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        Files.delete(file);
        later();
        append(1);

        assertThatThrownBy(() -> store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW)))
                .isInstanceOf(AbandonedDeliveryException.class);
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 3));
    }

    @Test
    void beginsInTroubleWhereTheDiskIsNotThere() throws Exception {
        store.close();
        Path elsewhere = folder.resolve("absent");
        store = open(elsewhere.resolve("metrics.db"));
        assertThat(append(3)).isEqualTo(3);
        assertThat(store.state().trouble()).contains("Check that the folder");
        assertThatThrownBy(() -> store.next(DeliveryQuery.everything(DESTINATION, 1)))
                .isInstanceOf(StoreException.class);

        Files.createDirectory(elsewhere);
        later();
        append(1);

        assertThat(store.state().trouble()).isNull();
        assertThat(pendingNumbers()).isEqualTo(numbers(0, 4));
    }

    @Test
    void migratesAsSoonAsNoOtherProgramHasTheDatabase() throws Exception {
        closed();
        file = folder.resolve("original.db");
        long pending = OriginalDatabase.create(file, 5, 200, 1).stream()
                .filter(OriginalDatabase.Expected::pending)
                .count();
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("INSERT INTO schema_version VALUES (-1, 0)");
            reopen();
            assertThat(append(3)).isEqualTo(3);
            assertThat(store.state().trouble()).contains("Stop that program", "tried again every 5 seconds");
        }
        later();
        assertThat(append(1)).isZero();

        assertThat(store.state().trouble()).isNull();
        assertThat(store.state().ringSamples()).isZero();
        assertThat(store.state().store().versions()).startsWith(Schema.VERSION, 5);
        assertThat(store.status().pendingSamples()).isEqualTo(pending + 4);
    }

    @Test
    @Tag("slow")
    void oneBatchThatNoDiskTakesDoesNotKeepTheOthers() throws Exception {
        append(1);
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("CREATE TRIGGER unlucky BEFORE INSERT ON pass WHEN new.samples = '[3]'"
                    + " BEGIN SELECT RAISE(ABORT, 'unlucky'); END");
            statement.execute("BEGIN IMMEDIATE");
            assertThat(append(5)).isEqualTo(5);
            statement.execute("ROLLBACK");
        }
        later();
        assertThat(append(1)).isZero();

        assertThat(store.state().trouble()).isNull();
        assertThat(store.state().unstorable()).isEqualTo(1);
        Set<Double> expected = numbers(0, 7);
        expected.remove(3.0);
        assertThat(pendingNumbers()).isEqualTo(expected);
        appended = 3;
        assertThatThrownBy(() -> append(1)).isInstanceOf(StoreException.class).hasMessageContaining("unlucky");
        assertThat(store.state().trouble()).as("it is not the disk").isNull();
    }

    /** The one who failed adds its samples when another one has just ended the repair. */
    @Test
    void nothingIsPutIntoMemoryWhereNothingWouldWriteIt() throws Exception {
        WaitingSamples waiting = new WaitingSamples(file, RING, CLOCK);
        store.close();
        DatabasePlace place = new DatabasePlace(file, CLOCK, Platform.REAL);
        StoreCondition condition = new StoreCondition(place, waiting, TestStores.SETTINGS, nanos::get);
        StoreRepair repair = new StoreRepair(
                place,
                (settings, onFailure) -> StoreOpening.open(TestStores.place(file), settings, CLOCK),
                condition,
                waiting,
                Runnable::run);
        condition.failed(condition.current(), new StoreException("The disk has failed"));
        assertThat(condition.defer(batch(1))).isNotNull();
        later();
        assertThat(repair.usable()).isNotNull();

        assertThat(condition.defer(batch(2))).isNull();
        assertThat(waiting.count()).isZero();
        repair.close();
        assertThat(waiting.lost()).isZero();
        reopen();
        assertThat(pendingNumbers()).isEqualTo(Set.of(1.0));
    }

    @Test
    void isOneSessionHoweverOftenItOpensTheDatabase() throws Exception {
        append(1);
        long restarts = store.state().store().restarts();
        for (int i = 0; i < 3; i++) {
            Files.delete(file);
            later();
            append(1);
            assertThat(store.state().trouble()).isNull();
        }

        assertThat(store.state().store().restarts()).isEqualTo(restarts);
        assertThat(check("SELECT count(*) || ' ' || max(status) FROM sessions")).isEqualTo("1 active");
        store.close();
        assertThat(check("SELECT count(*) || ' ' || max(status) FROM sessions")).isEqualTo("1 completed");
        reopen();
        assertThat(store.state().store().restarts()).isEqualTo(restarts + 1);
    }

    @Test
    void saysSoWhereThereCanBeNoWriteAheadLog() throws Exception {
        store.close();
        store = new FaultTolerantStore(
                new DatabasePlace(folder.resolve("other.db"), CLOCK, Platform.REAL),
                (settings, onFailure) -> StoreOpening.open(
                        TestStores.place(folder.resolve("other.db")),
                        settings,
                        CLOCK,
                        new Platform(
                                (path, readOnly) -> Connections.open(Path.of(":memory:"), false),
                                Platform.REAL.sync(),
                                Platform.REAL.freeSpace(),
                                Platform.REAL.timer(),
                                nanos::get),
                        onFailure),
                TestStores.SETTINGS,
                RING,
                CLOCK,
                nanos::get,
                Runnable::run);

        assertThat(append(1)).isEqualTo(1);
        assertThat(store.state().trouble()).contains("write-ahead log", "journal_mode stays memory", "another one");
    }

    private FaultTolerantStore closed() {
        store.close();
        return store;
    }

    /** A worn card may take minutes for a write, which nothing can interrupt. */
    @Test
    @Tag("slow")
    void samplesWaitInMemoryWhileAWriteDoesNotReturn() throws Exception {
        AtomicReference<CountDownLatch> disk = new AtomicReference<>(new CountDownLatch(0));
        store.close();
        Platform stalling = new Platform(
                (path, readOnly) -> committingWith(Connections.open(path, readOnly), disk::get),
                Platform.REAL.sync(),
                Platform.REAL.freeSpace(),
                Platform.REAL.timer(),
                nanos::get);
        try (RecoveryThread repairs = new RecoveryThread(Thread::start)) {
            store = new FaultTolerantStore(
                    new DatabasePlace(file, CLOCK, stalling),
                    (settings, onFailure) ->
                            StoreOpening.open(TestStores.place(file), settings, CLOCK, stalling, onFailure),
                    TestStores.SETTINGS,
                    RING,
                    CLOCK,
                    nanos::get,
                    repairs);
            assertThat(append(1)).isZero();

            disk.set(new CountDownLatch(1));
            for (int i = 0; i < 3; i++) {
                assertThat(append(1)).isEqualTo(1);
            }
            assertThat(store.state().trouble())
                    .isEqualTo("Writing to " + file
                            + " has not returned for 7 s. Check its disk (dmesg names failing ones)");
            assertThat(store.state().ringSamples()).isEqualTo(3);

            disk.get().countDown();
            await().until(() -> {
                later();
                append(1);
                return store.state().trouble() == null;
            });
            assertThat(append(1)).isZero();
            store.close();
        }
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM metrics")) {
            assertThat(count.getInt(1)).isEqualTo(appended);
        }
    }

    /** A connection of which no commit begins before a latch is counted down. */
    private static Connection committingWith(Connection real, Supplier<CountDownLatch> disk) {
        return proxy(Connection.class, (method, arguments) -> {
            Object result = method.invoke(real, arguments);
            return result instanceof PreparedStatement statement && arguments[0].equals("COMMIT")
                    ? proxy(PreparedStatement.class, (call, values) -> {
                        if (call.getName().startsWith("execute")) {
                            disk.get().await();
                        }
                        return call.invoke(statement, values);
                    })
                    : result;
        });
    }

    private interface Call {
        Object run(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.run(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void reopen() throws StoreException {
        store = open(file);
    }

    private FaultTolerantStore open(Path where) throws StoreException {
        StorePlace place = TestStores.place(where);
        return new FaultTolerantStore(
                new DatabasePlace(where, CLOCK, TestStores.timed(nanos::get)),
                (settings, onFailure) -> StoreOpening.open(place, settings, CLOCK),
                TestStores.SETTINGS,
                RING,
                CLOCK,
                nanos::get,
                Runnable::run);
    }

    /** Damage counts when it is still there after some time, and what cannot be read is read twice. */
    private void untilItIsRecovered() throws Exception {
        for (int i = 0; i < 10 && store.state().trouble() != null; i++) {
            assertThat(store.state().trouble()).contains("damaged");
            later();
            assertThatThrownBy(() -> store.complete(NOTHING, new DeliveryOutcome(List.of(), List.of())))
                    .isInstanceOf(Exception.class);
        }
    }

    private void later() {
        nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    }

    /** Appends so many samples, each a number, one after the other; returns how many of them were deferred. */
    private int append(int count) throws Exception {
        int deferred = 0;
        for (int i = 0; i < count; i++) {
            deferred += store.append(batch(appended++)).deferred();
        }
        return deferred;
    }

    private static SampleBatch batch(int number) {
        return new SampleBatch(
                NOW.plusMillis(10L * number),
                "rig",
                new TreeMap<>(),
                Priority.NORMAL,
                List.of(LEVEL.sample(number, "0")));
    }

    /** Appends and ends as a killed process does, with everything in the file itself. */
    private void appendAndCrash(int count) throws Exception {
        append(count);
        checkpoint();
        crash();
    }

    private void checkpoint() throws Exception {
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /** Leaves the files as they are at this moment, whatever closing does to them afterwards. */
    private void crash() throws IOException {
        Path wal = folder.resolve("metrics.db-wal");
        byte[] database = Files.readAllBytes(file);
        byte[] log = Files.readAllBytes(wal);
        store.close();
        Files.write(file, database);
        Files.write(wal, log);
    }

    private void overwrite(long offset, int bytes) throws IOException {
        byte[] garbage = new byte[bytes];
        new Random(5).nextBytes(garbage);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(offset / 1024 * 1024);
            raw.write(garbage);
        }
    }

    private Set<Double> pendingNumbers() throws StoreException {
        Set<Double> numbers = new TreeSet<>();
        Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                .orElse(null);
        if (delivery != null) {
            for (SeriesSamples samples : delivery.series()) {
                for (int i = 0; i < samples.size(); i++) {
                    assertThat(numbers.add(samples.value(i))).isTrue();
                }
            }
        }
        return numbers;
    }

    private static Set<Double> numbers(int from, int to) {
        Set<Double> numbers = new TreeSet<>();
        for (int i = from; i < to; i++) {
            numbers.add((double) i);
        }
        return numbers;
    }

    private String check(String pragma) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var result = statement.executeQuery(pragma)) {
            result.next();
            return result.getString(1);
        }
    }

    private Connection connect() throws Exception {
        return new JDBC().connect("jdbc:sqlite:" + file, new Properties());
    }
}
