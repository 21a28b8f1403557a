package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.migration.Migration;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Databases of the original agent are taken over, whole or not at all. */
class MigrationTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final int ROWS = 10_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void keepsEverySampleAndWhatIsPending(int version) throws Exception {
        Path file = folder.resolve("metrics.db");
        List<OriginalDatabase.Expected> expected = OriginalDatabase.create(file, version, ROWS, version);

        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(samples(store)).containsExactlyInAnyOrderElementsOf(expected);
            long pending =
                    expected.stream().filter(OriginalDatabase.Expected::pending).count();
            assertThat(store.status().pendingSamples()).isEqualTo(pending);
            Delivery delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE))
                    .orElseThrow();
            assertThat((long) delivery.size()).isEqualTo(pending);
            assertThat(store.state().versions()).startsWith(Schema.VERSION, version);
            assertThat(text(store, "PRAGMA integrity_check")).isEqualTo("ok");
            assertThatKeysAreHashesOfWhatTheyIdentify(store);
            assertThat(text(store, "PRAGMA page_size")).isEqualTo("512");
            store.complete(delivery, DeliveryOutcome.accepted(delivery, CLOCK.instant()));
        }
        // Opened again, it is one of ours.
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.status().pendingSamples()).isZero();
            assertThat(text(store, "SELECT count(*) FROM metrics")).isEqualTo(String.valueOf(expected.size()));
        }
        assertThat(filesIn(folder)).containsExactly("metrics.db");
    }

    @Test
    void leavesOneRangePerPriority() throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, 5, ROWS, 7);

        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(text(store, "SELECT group_concat(priority || ' ' || first_seq, ',') FROM delivered"))
                    .isEqualTo("0 0,1 0,2 0,3 0");
        }
    }

    @Test
    void keepsWhatEachPriorityHasDelivered() throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, 5, 0, 1);
        // Each pass has one sample of each priority, and the more urgent ones are delivered up to a later pass.
        sql(
                file,
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 3999)"
                        + " INSERT INTO metrics(timestamp_ms, metric_name, metric_value, device_id, priority, uploaded)"
                        + " SELECT 1700000000000 + i / 4 * 1000, 'm' || (i % 4), i, 'd', i % 4, i / 4 < 900 - 200 * (i % 4)"
                        + " FROM n");

        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.status().pendingSamples()).isEqualTo(100 + 300 + 500 + 700);
        }
    }

    @Test
    void migratesWhatCanBeReadOfADamagedFile() throws Exception {
        Path file = folder.resolve("metrics.db");
        List<OriginalDatabase.Expected> expected = OriginalDatabase.create(file, 5, ROWS, 4);
        // In the middle of the rows: a page that claims to be of a kind which does not exist.
        long page = number(
                file, "SELECT pageno FROM dbstat WHERE name = 'metrics' AND pagetype = 'leaf' LIMIT 1 OFFSET 60");
        byte[] damaged;
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek((page - 1) * number(file, "PRAGMA page_size"));
            bytes.write(new byte[64]);
            bytes.seek(0);
            damaged = new byte[(int) bytes.length()];
            bytes.readFully(damaged);
        }

        for (int second : new int[] {0, 14}) {
            Clock early = Clock.offset(CLOCK, Duration.ofSeconds(second));
            assertThatThrownBy(() -> TestStores.open(file, early))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("read once more in 15 seconds");
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
        }
        try (SqliteStore store = TestStores.open(file, Clock.offset(CLOCK, Duration.ofSeconds(15)))) {
            List<OriginalDatabase.Expected> samples = samples(store);
            assertThat(samples).hasSizeBetween(expected.size() - 200, expected.size() - 1);
            // But for points whose first row is lost and whose second is not.
            assertThat(samples).filteredOn(sample -> !expected.contains(sample)).hasSizeLessThan(5);
            assertThat(store.status().pendingSamples())
                    .isEqualTo(samples.stream()
                            .filter(OriginalDatabase.Expected::pending)
                            .count());
        }
        assertThat(filesIn(folder)).containsExactly("metrics.db", "metrics.db.damaged-20260301T120015Z");
        assertThat(Files.readAllBytes(folder.resolve("metrics.db.damaged-20260301T120015Z")))
                .isEqualTo(damaged);
    }

    /** Rows are read twice, for what is delivered and for what is pending; it is enough that they fail once. */
    @Test
    void readsOnceMoreWhatCouldNotBeReadForAMoment() throws Exception {
        Path file = folder.resolve("metrics.db");
        List<OriginalDatabase.Expected> expected = OriginalDatabase.create(file, 5, ROWS, 4);
        AtomicBoolean failing = new AtomicBoolean(true);
        Platform platform = new Platform(
                (path, readOnly) -> failingRows(Connections.open(path, readOnly), failing),
                Platform.REAL.sync(),
                Platform.REAL.freeSpace(),
                Platform.REAL.timer(),
                Platform.REAL.nanoTime());

        assertThatThrownBy(() -> new Migration(file, 5, platform, 2000, () -> failing.set(false)).run(CLOCK.millis()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("read once more in 15 seconds");
        assertThat(filesIn(folder)).containsExactly("metrics.db", "metrics.db.migrating-rows");
        try (SqliteStore store = TestStores.open(file, Clock.offset(CLOCK, Duration.ofSeconds(15)))) {
            assertThat(samples(store)).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(filesIn(folder)).containsExactly("metrics.db");
    }

    /** A connection that cannot read some rows of the original for as long as is said. */
    private static Connection failingRows(Connection real, AtomicBoolean failing) {
        return proxy(Connection.class, real, (method, result) -> {
            if (!method.equals("createStatement")) {
                return result;
            }
            return proxy(Statement.class, (Statement) result, (query, rows) -> {
                if (!query.equals("executeQuery")) {
                    return rows;
                }
                ResultSet row = (ResultSet) rows;
                return proxy(ResultSet.class, row, (step, more) -> {
                    boolean stands = step.equals("next") && (Boolean) more && failing.get();
                    if (stands && row.getLong(1) > 1000 && row.getLong(1) <= 1010) {
                        throw new SQLiteException("a page cannot be read", SQLiteErrorCode.SQLITE_CORRUPT);
                    }
                    return more;
                });
            });
        });
    }

    private interface Answer {
        @Nullable
        Object to(String method, @Nullable Object result) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, T real, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                MigrationTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return answer.to(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "3, 4"})
    void needsRoomForTheCopy(int version, int part) throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, version, 1000, 1);
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> new Migration(
                                file, version, TestStores.platform(path -> before.length / part - 1), 100, () -> {})
                        .run(CLOCK.millis()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("1 MiB are needed")
                .hasMessageContaining("left untouched")
                // It goes on by itself when there is room.
                .satisfies(e ->
                        assertThat(Failures.isOfTheDisk((StoreException) e)).isTrue());
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(filesIn(folder)).containsExactly("metrics.db");

        new Migration(file, version, TestStores.platform(path -> before.length / part), 100, () -> {})
                .run(CLOCK.millis());
        assertThat(isMigrated(file)).isTrue();
    }

    @Test
    void carriesSessionsOver() throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, 4, 100, 1);
        try (Connection original = Connections.open(file, false);
                Statement statement = original.createStatement()) {
            statement.execute("INSERT INTO sessions VALUES ('s3', 1, 2, 'completed', ''), ('s4', 3, 4, 'completed',"
                    + " 'by hand'), ('s5', 5, 6, 'completed', '{\"cut\":')");
        }

        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(text(store, "SELECT group_concat(metadata, ' ') FROM sessions WHERE id IN ('s3', 's4', 's5')"))
                    .isEqualTo("{} {\"original\":\"by hand\"} {\"original\":\"{\\\"cut\\\":\"}");
            assertThat(text(store, "SELECT status || start_time || end_time || metadata FROM sessions WHERE id = 's1'"))
                    .isEqualTo("completed17000000000001700000600000{\"a\":\"b\"}");
            assertThat(text(store, "SELECT status || metadata FROM sessions WHERE id = 's2'"))
                    .isEqualTo("failed{}");
        }
    }

    @Test
    void goesOnInTheSameSeries() throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, 5, ROWS, 3);
        Metric metric = Metric.counter("host.metric_3_total", Unit.BYTES, "A count of bytes", "core");

        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            String series = text(store, "SELECT count(*) FROM series");
            store.append(new SampleBatch(
                    CLOCK.instant(), "encoder-7", new TreeMap<>(), Priority.HIGH, List.of(metric.sample(1, "0"))));

            assertThat(text(store, "SELECT count(*) FROM series")).isEqualTo(series);
            String key = "{\"name\":\"host.metric_3_total\",\"device_id\":\"encoder-7\",\"tags\":{\"core\":\"0\"},"
                    + "\"value_type\":0}";
            assertThat(text(
                            store,
                            "SELECT kind || unit || priority FROM series WHERE lower(hex(key)) = '"
                                    + HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(key.getBytes(StandardCharsets.UTF_8)))
                                    + "'"))
                    .isEqualTo("COUNTERBYTES1");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 700", "3, 900", "5, 1300"})
    void isWholeWhereverItIsInterrupted(int version, int rows) throws Exception {
        Path file = folder.resolve("metrics.db");
        List<OriginalDatabase.Expected> expected = OriginalDatabase.create(file, version, rows, 5);
        List<String> before = OriginalDatabase.dump(file);
        int steps = 0;
        boolean interrupted = true;
        while (interrupted) {
            AtomicInteger left = new AtomicInteger(++steps);
            Migration migration = new Migration(file, version, Platform.REAL, 100, () -> {
                if (left.decrementAndGet() == 0) {
                    throw new IOException("interrupted");
                }
            });
            try {
                migration.run(CLOCK.millis());
                interrupted = false;
            } catch (IOException e) {
                assertThat(e).hasMessage("interrupted");
                if (!isMigrated(file)) {
                    assertThat(OriginalDatabase.dump(file)).isEqualTo(before);
                } else {
                    interrupted = false;
                }
            }
        }
        assertThat(steps).isGreaterThanOrEqualTo(rows / 100 + 2);
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(samples(store)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    @Tag("slow")
    void isWholeWhenTheProcessIsKilled() throws Exception {
        Path file = folder.resolve("metrics.db");
        List<OriginalDatabase.Expected> expected = OriginalDatabase.create(file, 5, 3_000, 9);
        List<String> before = OriginalDatabase.dump(file);
        for (int commits : new int[] {1, 4, 11, 29}) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            MigrationTest.class.getName(),
                            file.toString(),
                            String.valueOf(commits))
                    .inheritIO()
                    .start();
            // 128 + SIGKILL
            assertThat(child.waitFor()).as("killed at step %s", commits).isEqualTo(137);
            assertThat(isMigrated(file)).isFalse();
            assertThat(OriginalDatabase.dump(file)).isEqualTo(before);
        }
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(samples(store)).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(filesIn(folder)).containsExactly("metrics.db");
    }

    @Test
    void refusesWhileAnotherProgramHasTheFile() throws Exception {
        Path file = folder.resolve("metrics.db");
        OriginalDatabase.create(file, 5, 200, 1);
        try (Connection other = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = other.createStatement()) {
            statement.execute("INSERT INTO schema_version VALUES (-1, 0)");

            assertThatThrownBy(() -> TestStores.open(file, CLOCK))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(
                            "Stop that program (the original agent: systemctl disable --now of its unit)");
        }
        assertThat(isMigrated(file)).isFalse();
        assertThat(filesIn(folder)).containsExactly("metrics.db");
    }

    /** The child: migrates, and kills itself after so many steps. */
    public static void main(String[] arguments) throws Exception {
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
        new Migration(Path.of(arguments[0]), 5, Platform.REAL, 100, () -> {
                    if (left.decrementAndGet() == 0) {
                        kill();
                    }
                })
                .run(0);
    }

    private static void kill() throws IOException {
        Process kill = new ProcessBuilder(
                        "kill", "-9", String.valueOf(ProcessHandle.current().pid()))
                .start();
        try {
            kill.waitFor();
            // Here it ends.
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this", e);
        }
    }

    /** Computed here anew: SHA-256 of name, device, sorted tags and type as a JSON object, in that order. */
    private static void assertThatKeysAreHashesOfWhatTheyIdentify(SqliteStore store) throws Exception {
        try (Statement statement = store.database().connection().createStatement();
                ResultSet series = statement.executeQuery(
                        "SELECT metric_name, device_id, tags, value_type, min(dedup_key), min(timestamp_ms) FROM metrics"
                                + " GROUP BY 1, 2, 3, 4")) {
            int count = 0;
            while (series.next()) {
                String identity = "{\"name\":\"" + series.getString(1) + "\",\"device_id\":\"" + series.getString(2)
                        + "\",\"tags\":" + series.getString(3) + ",\"value_type\":" + series.getInt(4) + "}";
                assertThat(series.getString(5))
                        .isEqualTo(HexFormat.of()
                                        .formatHex(MessageDigest.getInstance("SHA-256")
                                                .digest(identity.getBytes(StandardCharsets.UTF_8)))
                                + ":" + series.getLong(6));
                count++;
            }
            assertThat(String.valueOf(count)).isEqualTo(text(store, "SELECT count(*) FROM series"));
        }
    }

    private static boolean isMigrated(Path file) throws SQLException {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties())) {
            return Sql.number(connection, "SELECT max(version) FROM schema_version") == Schema.VERSION;
        }
    }

    private static List<OriginalDatabase.Expected> samples(SqliteStore store) throws Exception {
        List<OriginalDatabase.Expected> samples = new ArrayList<>();
        try (Statement statement = store.database().connection().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT timestamp_ms, metric_name, device_id, tags, metric_value, value_text, uploaded, value_type"
                                + " FROM metrics")) {
            while (row.next()) {
                StringBuilder tags = new StringBuilder();
                CanonicalJson.read(row.getString(4))
                        .forEach((name, value) ->
                                tags.append(name).append('=').append(value).append(';'));
                boolean text = row.getInt(8) == 1;
                samples.add(new OriginalDatabase.Expected(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        tags.toString(),
                        text ? row.getString(6) : String.valueOf(row.getDouble(5)),
                        !text && row.getInt(7) == 0));
            }
        }
        return samples;
    }

    private static String text(SqliteStore store, String sql) throws SQLException {
        try (Statement statement = store.database().connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void sql(Path file, String sql) throws SQLException {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Path file, String sql) throws SQLException {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties())) {
            return Sql.number(connection, sql);
        }
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
