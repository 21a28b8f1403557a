package io.tidewatch.store.sqlite;

import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class SqliteStoreComponentTest {
    @TempDir
    Path state;

    private final List<SqliteStoreComponent> components = new ArrayList<>();

    @AfterEach
    void deactivate() {
        components.forEach(SqliteStoreComponent::deactivate);
    }

    @Test
    void storesInTheStateFolderAndTellsHowItFares() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        store.append(batch(NOW.minusSeconds(90), Priority.NORMAL, LEVEL.sample(1)));

        assertThat(state.resolve("metrics.db")).exists();
        assertThat(state.resolve("metrics.db.lock"))
                .hasContent(String.valueOf(ProcessHandle.current().pid()));
        Health health = store.check();
        assertThat(health.status()).isEqualTo(Status.OK);
        assertThat(health.details())
                .containsEntry("database_size_bytes", Files.size(state.resolve("metrics.db")))
                .containsEntry("wal_size_bytes", store.status().walSizeBytes())
                .containsEntry("pending_count", 1L)
                .containsEntry("oldest_pending_seconds", 90L)
                .containsEntry("quarantined", 0L)
                .containsEntry("clamped", 0L)
                .containsEntry("schema_version", Schema.VERSION);

        store.append(batch(NOW.plus(Duration.ofDays(1)), Priority.NORMAL, LEVEL.sample(1)));
        assertThat(store.check().details()).containsEntry("clamped", 1L);
    }

    @Test
    void tellsWhatItKeeps() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        store.append(batch(NOW.minusSeconds(2), Priority.NORMAL, LEVEL.sample(1)));
        store.append(batch(NOW.minusSeconds(1), Priority.NORMAL, LEVEL.sample(2)));
        List<String> read = new ArrayList<>();

        store.read(HistoryQuery.between(NOW.minusSeconds(2), NOW).of(LEVEL.name()), run -> {
            for (int i = 0; i < run.size(); i++) {
                read.add(run.timestamp(i) - NOW.toEpochMilli() + ": " + run.value(i));
            }
            return true;
        });

        assertThat(read).containsExactly("-2000: 1.0", "-1000: 2.0");
        assertThat(store.newest())
                .extracting(sample -> sample.series().name(), NewestSample::time, NewestSample::value)
                .containsExactly(tuple(LEVEL.name(), NOW.minusSeconds(1), 2.0));
    }

    /** The clock of the system is three hours ahead of the samples, by a step that is not accepted. */
    @Test
    void comparesTimesWithTheClockOfTheSamples() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        Duration ahead = Duration.ofHours(3);
        store.clockAhead(ahead);
        store.append(batch(NOW.minus(ahead).minusSeconds(90), Priority.NORMAL, LEVEL.sample(1)));
        assertThat(store.newest())
                .extracting(NewestSample::time)
                .containsExactly(NOW.minus(ahead).minusSeconds(90));
        assertThat(store.check().details()).containsEntry("clamped", 0L).containsEntry("oldest_pending_seconds", 90L);

        store.clockAhead(Duration.ZERO);
        assertThat(store.clockSet(NOW.minus(ahead), ahead)).isEqualTo(1);
        store.append(batch(NOW.minusSeconds(80), Priority.NORMAL, LEVEL.sample(2)));
        assertThat(store.newest()).extracting(NewestSample::time).containsExactly(NOW.minusSeconds(80));
        assertThat(store.check().details()).containsEntry("clamped", 0L).containsEntry("pending_count", 2L);
    }

    @Test
    void refusesADatabaseThatAnotherStoreHas() throws Exception {
        activate(config("", "0s", "30s"));

        assertThatThrownBy(() -> activate(config("", "0s", "30s")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
    }

    @Test
    void doesNotTakeTheLockThatTheProcessHolds() throws Exception {
        Path held = state.resolve("metrics.db.lock");
        try (FileChannel channel = FileChannel.open(held, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNotNull();
            SqliteStoreComponent store = activate(config("", "0s", "30s"), state, held);
            store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        }
    }

    @Test
    void givesTheLockBack() throws Exception {
        activate(config("", "0s", "30s")).deactivate();

        activate(config("", "0s", "30s"));
    }

    @Test
    void aRefusedDatabaseGivesTheLockBack() throws Exception {
        Files.writeString(state.resolve("metrics.db"), "no database ".repeat(100));
        assertThatThrownBy(() -> activate(config("", "0s", "30s"))).hasMessageContaining("not an SQLite database");
        Files.delete(state.resolve("metrics.db"));

        activate(config("", "0s", "30s"));
    }

    @Test
    void needsAFolder() {
        assertThatThrownBy(() -> activate(config("", "0s", "30s"), null, null))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("tidewatch.state");
    }

    @Test
    void takesAnotherPath() throws Exception {
        activate(config(state.resolve("other.db").toString(), "0s", "30s"), null, null);
        activate(config("relative.db", "0s", "30s"));

        assertThat(state.resolve("other.db")).exists();
        assertThat(state.resolve("relative.db")).exists();
    }

    @Test
    void aWrongValueRunsOnTheDefaultAndShows() throws Exception {
        SqliteStoreComponent store = activate(config("", "soon", "30s"));

        assertThat(store.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(store.check().message())
                .isEqualTo("tidewatch.store.sqlite.cfg: invalid commit.delay \"soon\" (expected a duration such as"
                        + " 250ms, 30s, 5m, 1h)");
        store.modified(config("", "0s", "30s"));
        assertThat(store.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aWrongChangeKeepsWhatIsGoodUntilItIsMended() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        store.modified(config("", "0s", "0s"));

        assertThat(store.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(store.check().message()).contains("invalid sync.interval \"0s\"");
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));

        store.modified(config("other.db", "0s", "30s"));
        assertThat(store.check().message()).contains("path takes effect when the agent restarts");
        assertThat(state.resolve("other.db")).doesNotExist();
        store.modified(config("", "0s", "30s"));
        assertThat(store.check().status()).isEqualTo(Status.OK);
    }

    @Test
    @Tag("slow")
    void theLongestTimesThatAreAcceptedWork() throws Exception {
        SqliteStoreComponent store = activate(TypedConfiguration.of(
                StoreConfig.class,
                Map.of(
                        "commit.delay", "2s",
                        "sync.interval", "1d",
                        "wal.checkpoint.interval", "30d",
                        "history.retention", "36500d",
                        "pending.retention", "36500d")));

        assertThat(store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1))).stored())
                .isEqualTo(1);
        assertThat(store.check().status()).isEqualTo(Status.OK);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void anAppendThatFailsIsAnError() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        try (Connection writer = connect();
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThat(store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)))
                            .deferred())
                    .isEqualTo(1);
            assertThat(store.check().status()).isEqualTo(Status.ERROR);
            assertThat(store.check().message()).contains("Another program writes", "1 samples wait in memory");
            assertThat(store.check().details()).containsEntry("ring_samples", 1L);
        }

        store.deactivate();
        components.remove(store);
        SqliteStoreComponent next = activate(config("", "0s", "30s"));
        assertThat(next.check().status()).isEqualTo(Status.OK);
        assertThat(next.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void aLogThatAReaderPinsIsDegraded() throws Exception {
        SqliteStoreComponent store = activate(config("", "0s", "30s"));
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        try (Connection reader = connect();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("SELECT count(*) FROM pass");
            store.modified(config("", "0s", "30s", "1KiB"));
            store.append(batch(NOW.plusMillis(1), Priority.NORMAL, LEVEL.sample(1)));

            assertThat(store.check().status()).isEqualTo(Status.DEGRADED);
            assertThat(store.check().message()).contains("over its limit");
        }
        await().until(() -> store.check().status() == Status.OK);
        assertThat(store.status().walSizeBytes()).isZero();
    }

    private SqliteStoreComponent activate(StoreConfig config) throws StoreException {
        return activate(config, state, null);
    }

    private SqliteStoreComponent activate(StoreConfig config, @Nullable Path folder, @Nullable Path heldLock)
            throws StoreException {
        SqliteStoreComponent component = new SqliteStoreComponent(
                config, folder, heldLock, new Release("1.0.0", Instant.EPOCH), Clock.fixed(NOW, ZoneOffset.UTC));
        components.add(component);
        return component;
    }

    private Connection connect() throws SQLException {
        return new JDBC().connect("jdbc:sqlite:" + state.resolve("metrics.db"), new Properties());
    }

    private static StoreConfig config(String path, String commitDelay, String syncInterval) {
        return config(path, commitDelay, syncInterval, "64MiB");
    }

    private static StoreConfig config(String path, String commitDelay, String syncInterval, String checkpointSize) {
        return TypedConfiguration.of(
                StoreConfig.class,
                Map.of(
                        "path", path,
                        "commit.delay", commitDelay,
                        "sync.interval", syncInterval,
                        "wal.checkpoint.size", checkpointSize));
    }
}
