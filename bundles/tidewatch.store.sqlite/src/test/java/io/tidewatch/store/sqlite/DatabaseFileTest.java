package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final int SAMPLES = 2_000;
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path folder;

    @Test
    void isWhatTheConfigurationSays() {
        DatabaseFile usual = DatabaseFile.configured(Map.of(), folder);
        assertThat(usual.path()).isEqualTo(folder.resolve("metrics.db"));
        assertThat(usual.minFree()).isEqualTo(64L << 20);

        DatabaseFile other =
                DatabaseFile.configured(Map.of("path", "other.db", "min.free", "1GiB", "max.size", "a lot"), folder);
        assertThat(other.path()).isEqualTo(folder.resolve("other.db"));
        assertThat(other.minFree()).isEqualTo(1L << 30);
    }

    @Test
    void readsWhatAnAgentWritesMeanwhile() throws Exception {
        Path file = folder.resolve("metrics.db");
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        try (SqliteStore store = TestStores.open(file, clock)) {
            store.append(batch());

            assertThat(DatabaseFile.at(file).damage()).isEmpty();
            assertThat(newest(file)).containsExactly(SAMPLES - 1.0);
        }
        assertThat(DatabaseFile.at(file).damage()).isEmpty();
        assertThat(newest(file)).containsExactly(SAMPLES - 1.0);
        assertThat(folder.resolve("metrics.db-shm")).doesNotExist();
    }

    @Test
    void findsDamage() throws Exception {
        Path file = folder.resolve("metrics.db");
        try (SqliteStore store = TestStores.open(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
            store.append(batch());
        }
        // From here on there are pages of samples only.
        long middle = Files.size(file) / 2 / PAGE_BYTES * PAGE_BYTES;
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(middle);
            bytes.write(new byte[PAGE_BYTES]);
        }

        assertThat(DatabaseFile.at(file).damage()).isPresent();
    }

    @Test
    void findsAFileThatIsNoDatabase() throws Exception {
        Path file = Files.writeString(folder.resolve("metrics.db"), "not a database\n".repeat(1000));

        assertThat(DatabaseFile.at(file).damage())
                .hasValueSatisfying(text -> assertThat(text).contains("not a database"));
    }

    @Test
    void tellsHowTheAgentLeftIt() throws Exception {
        Path file = folder.resolve("metrics.db");
        SettableClock clock = new SettableClock(NOW);
        long pending;
        try (SqliteStore store = TestStores.open(file, clock)) {
            assertThat(DatabaseFile.at(file).lastRun())
                    .isEqualTo(new LastRun(Optional.of(NOW), Optional.empty(), Optional.empty(), Optional.empty(), 0));
            store.append(batch());
            assertThat(DatabaseFile.at(file).lastRun().pending()).isEqualTo(SAMPLES);
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW.plusSeconds(3)));
            pending = (long) SAMPLES - delivery.size();
            clock.set(NOW.plusSeconds(5));
            assertThat(DatabaseFile.at(file).lastRun().pending()).isEqualTo(pending);
        }
        LastRun expected = new LastRun(
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(5)),
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(3)),
                pending);
        assertThat(DatabaseFile.at(file).lastRun()).isEqualTo(expected);
        assertThat(DatabaseFile.at(file).series()).hasSize(SAMPLES);
        assertThat(DatabaseFile.at(file).lastRun())
                .as("counted, as nothing is noted")
                .isEqualTo(expected);
        execute(file, "UPDATE sessions SET status = 'failed'");
        assertThat(DatabaseFile.at(file).lastRun().ended()).isEmpty();
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void saysThatThereIsNone() {
        assertThatThrownBy(() -> DatabaseFile.at(folder.resolve("metrics.db")).damage())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("There is no database");
    }

    private static List<Double> newest(Path file) throws Exception {
        List<Double> values = new ArrayList<>();
        DatabaseFile.at(file)
                .read(HistoryQuery.between(Instant.EPOCH, NOW.plusSeconds(1)).newest(1), series -> true, run -> {
                    for (int i = 0; i < run.size(); i++) {
                        values.add(run.value(i));
                    }
                    return true;
                });
        return values;
    }

    private static SampleBatch batch() {
        Metric metric = new Metric("load.1m", Kind.GAUGE, Unit.NONE, "load", List.of("core"));
        var samples = new ArrayList<io.tidewatch.api.collector.Sample>();
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(metric.sample(i, String.valueOf(i)));
        }
        return new SampleBatch(NOW, "rig-2", new TreeMap<>(), Priority.NORMAL, samples);
    }
}
