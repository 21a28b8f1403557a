package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.export.BackupMain;
import io.tidewatch.store.sqlite.export.ExportMain;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import io.tidewatch.store.sqlite.readers.ReaderServer;
import io.tidewatch.store.sqlite.readers.ReaderSocket;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;

/** {@code readers = none}: locked while no program reads, open on request, locked again after that. */
@Tag("slow")
class LockedDatabaseTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path state;

    private @Nullable SqliteStoreComponent store;
    private int appended;

    @AfterEach
    void deactivate() {
        if (store != null) {
            store.deactivate();
        }
    }

    @Test
    void isLockedWhileNoProgramReadsAndDeliversAllTheSame() throws Exception {
        SqliteStoreComponent store = activate(state, "none");
        append(store);
        Delivery early = store.next(everything()).orElseThrow();
        awaitLocked();

        append(store);
        store.complete(early, DeliveryOutcome.accepted(early, NOW));
        Delivery late = store.next(everything()).orElseThrow();
        assertThat(late.size()).isEqualTo(1);
        store.complete(late, DeliveryOutcome.accepted(late, NOW));
        assertThat(store.status().pendingSamples()).isZero();
        assertThat(store.check().status()).isEqualTo(Status.OK);
        assertThat(store.check().details()).containsEntry("locked", true);
        assertThat(beside("-shm")).doesNotExist();
        assertThatThrownBy(this::countFromOutside)
                .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getErrorCode())
                        .isEqualTo(SQLiteErrorCode.SQLITE_BUSY.code));
    }

    @Test
    void everyCommandReadsIt() throws Exception {
        SqliteStoreComponent store = activate(state, "none");
        append(store);
        awaitLocked();
        DatabaseFile file = DatabaseFile.at(database());

        assertThat(file.series()).hasSize(1);
        awaitLocked();
        assertThat(file.damage()).isEmpty();
        assertThat(file.lastRun()).isNotNull();
        assertThat(run(out -> ExportMain.run(
                        List.of(
                                "--database",
                                database().toString(),
                                "--output",
                                state.resolve("out.gz").toString()),
                        Map.of(),
                        Clock.systemUTC(),
                        out,
                        out)))
                .contains("1 samples of 1 series");
        assertThat(run(out -> BackupMain.run(
                        List.of(
                                state.resolve("copy.db").toString(),
                                "--database",
                                database().toString()),
                        Map.of(),
                        out,
                        out)))
                .contains("verified");
        List<Double> read = new ArrayList<>();
        store.read(HistoryQuery.between(NOW.minusSeconds(100), NOW), series -> {
            read.add(series.value(0));
            return true;
        });
        assertThat(read).hasSize(1);
        awaitLocked();
        append(store);
        assertThat(file.series()).hasSize(1);
    }

    @Test
    void staysOpenWhileAProgramReadsItAndIsLockedAfterwards() throws Exception {
        SqliteStoreComponent store = activate(state, "none");
        append(store);
        awaitLocked();

        try (ReadOnlyDatabase asked = ReadOnlyDatabase.open(database());
                ReadOnlyDatabase another = ReadOnlyDatabase.open(database())) {
            append(store);
            assertThat(countFromOutside()).isEqualTo(2);
            assertThat(store.check().details()).containsEntry("locked", false);
            asked.close();
            assertThat(another.read(LockedDatabaseTest::count)).isEqualTo(2);
            append(store);
            assertThat(another.read(LockedDatabaseTest::count)).isEqualTo(3);
        }
        awaitLocked();
        append(store);
        assertThat(store.status().pendingSamples()).isEqualTo(4);
    }

    @Test
    void waitsForAProgramThatDidNotAsk() throws Exception {
        SqliteStoreComponent store = activate(state, "shared");
        append(store);
        try (Connection outside = connect();
                Statement statement = outside.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pass")) {
            assertThat(row.next()).isTrue();
            store.modified(config("none"));
            append(store);
            await().atMost(PATIENCE).until(() -> Files.exists(ReaderSocket.of(database())));
            append(store);
            assertThat(store.check().status()).isEqualTo(Status.OK);
            assertThat(row.getInt(1)).isEqualTo(1);
        }
        awaitLocked();

        store.modified(config("shared"));
        append(store);
        assertThat(countFromOutside()).isEqualTo(4);
        assertThat(ReaderSocket.of(database())).doesNotExist();
    }

    @Test
    void aDatabaseThatWasDeletedIsWrittenAnewAndLockedAgain() throws Exception {
        SqliteStoreComponent store = activate(state, "none");
        append(store);
        awaitLocked();
        Files.delete(database());
        Files.delete(beside("-wal"));

        await().atMost(PATIENCE).until(() -> {
            append(store);
            return Files.exists(database()) && store.check().status() == Status.OK;
        });
        awaitLocked();
        assertThat(DatabaseFile.at(database()).series()).hasSize(1);
        assertThat(store.status().pendingSamples()).isEqualTo(appended);
    }

    @Test
    void aSocketThatAKilledAgentLeftIsNoObstacle() throws Exception {
        SqliteStoreComponent store = activate(state, "shared");
        append(store);
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(ReaderSocket.of(database())));
        }
        assertThat(ReaderSocket.of(database())).exists();

        assertThat(DatabaseFile.at(database()).series()).hasSize(1);
        store.modified(config("none"));
        awaitLocked();
        assertThat(DatabaseFile.at(database()).series()).hasSize(1);
    }

    @Test
    void saysWhatToDoWhereThereCanBeNoSocket() throws Exception {
        Path deep = Files.createDirectories(state.resolve("x".repeat(120)));
        SqliteStoreComponent store = activate(deep, "none");
        append(store);

        assertThat(store.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(store.check().message()).contains("at most 107 bytes").contains("readers = shared");
        assertThat(DatabaseFile.at(deep.resolve("metrics.db")).series()).hasSize(1);
        store.modified(config("shared"));
        assertThat(store.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void anAgentThatDoesNotAnswerIsNamed() throws Exception {
        activate(state, "shared");
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            deaf.bind(UnixDomainSocketAddress.of(ReaderSocket.of(database())));
            Thread ends = new Thread(() -> {
                try {
                    deaf.accept().close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            ends.start();

            assertThatThrownBy(() -> DatabaseFile.at(database()).series())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("does not let it be read")
                    .hasMessageContaining("try again");
            ends.join();
        }
    }

    @Test
    void goesOnAfterWhateverADatabaseThrows() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean locked = new AtomicBoolean();
        Files.createFile(database());
        try (ReaderServer server = ReaderServer.start(
                database(),
                wanted -> {
                    int call = calls.incrementAndGet();
                    if (call == 1) {
                        throw new IllegalStateException("a bug");
                    }
                    if (call == 2) {
                        throw new OutOfMemoryError("no heap");
                    }
                    locked.set(wanted);
                    return wanted;
                },
                Duration.ofMillis(10))) {
            await().atMost(PATIENCE).until(() -> calls.get() >= 1);
            assertThatThrownBy(() -> ReaderSocket.connect(database()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("no heap");
            try (ReaderSocket asked = ReaderSocket.connect(database())) {
                assertThat(asked).isNotNull();
                assertThat(locked).isFalse();
            }
            await().atMost(PATIENCE).untilTrue(locked);
        }
        assertThat(locked).isFalse();
        assertThat(ReaderSocket.of(database())).doesNotExist();
    }

    @Test
    void refusesAnotherValue() throws Exception {
        SqliteStoreComponent store = activate(state, "some");

        assertThat(store.check().message()).contains("readers").contains("some").contains("shared or none");
        assertThat(ReaderSocket.of(database())).doesNotExist();
    }

    private void append(SqliteStoreComponent store) throws Exception {
        store.append(batch(NOW.minusSeconds(50).plusMillis(appended), Priority.NORMAL, LEVEL.sample(++appended)));
    }

    /** A locked database has no file that its readers need, and another program cannot read it. */
    private void awaitLocked() {
        await().atMost(PATIENCE).until(() -> {
            if (Files.exists(beside("-shm"))) {
                return false;
            }
            try {
                countFromOutside();
                return false;
            } catch (SQLException e) {
                return e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code;
            }
        });
    }

    private int countFromOutside() throws SQLException {
        try (Connection outside = connect()) {
            return count(outside);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM metrics")) {
            return row.getInt(1);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", "10");
        return new JDBC().connect("jdbc:sqlite:" + database(), properties);
    }

    private Path database() {
        return state.resolve("metrics.db");
    }

    private Path beside(String suffix) {
        return state.resolve("metrics.db" + suffix);
    }

    private static DeliveryQuery everything() {
        return DeliveryQuery.everything(DESTINATION, 100);
    }

    private interface Command {
        int run(PrintStream out);
    }

    private static String run(Command command) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertThat(command.run(out)).as(bytes.toString(StandardCharsets.UTF_8)).isZero();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private SqliteStoreComponent activate(Path folder, String readers) throws StoreException {
        SqliteStoreComponent activated = new SqliteStoreComponent(
                config(readers), folder, null, new Release("1.0.0", Instant.EPOCH), Clock.fixed(NOW, ZoneOffset.UTC));
        store = activated;
        return activated;
    }

    private static StoreConfig config(String readers) {
        return TypedConfiguration.of(StoreConfig.class, Map.of("readers", readers, "commit.delay", "0s"));
    }
}
