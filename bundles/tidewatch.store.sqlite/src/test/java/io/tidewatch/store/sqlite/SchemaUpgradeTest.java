package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.migration.Migration;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
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
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.JDBC;

/** Databases of earlier versions of this agent. */
class SchemaUpgradeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeADatabaseOfVersion100() throws Exception {
        file = folder.resolve("metrics.db");
        String ddl = new String(
                SchemaUpgradeTest.class.getResourceAsStream("/schema/100.sql").readAllBytes(), StandardCharsets.UTF_8);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=1024");
            statement.execute("PRAGMA auto_vacuum=INCREMENTAL");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA application_id=" + Schema.APPLICATION_ID);
            statement.executeUpdate(ddl);
            statement.execute("INSERT INTO schema_version VALUES (100, 1)");
            statement.execute("INSERT INTO series VALUES"
                    + " (1, 'a.b', 'rig', '{}', 0, 'GAUGE', 'NONE', 2, x'01'), (2, 'a.c', 'rig', '{}', 0, 'GAUGE', 'NONE', 1,"
                    + " x'02')");
            statement.execute("INSERT INTO samples VALUES (1000, 1, 5), (1000, 2, 6), (2000, 1, 7), (3000, 1, 8)");
            statement.execute("INSERT INTO delivered VALUES (2, 0, 2000)");
            statement.execute("INSERT INTO exceptions VALUES (1000, 1, 1)");
            statement.execute("INSERT INTO upload_checkpoints VALUES (1, 'b', 0, 1000, 2000, 5000, 2)");
        }
    }

    @Test
    void keepWhatTheyHold() throws Exception {
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            // 1000/1 by its exception, 1000/2 of another priority, 3000/1 after the range.
            assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))
                            .orElseThrow()
                            .size())
                    .isEqualTo(3);
            assertThat(store.state().versions()).containsExactly(Schema.VERSION, 100);
            assertThat(store.resend(DESTINATION, Instant.ofEpochMilli(5000)))
                    .as("what was acknowledged of late is known")
                    .isEqualTo(1);
            assertThat(store.status().pendingSamples()).isEqualTo(4);
        }
    }

    @Test
    void haveTheTablesOfNewOnesAfterwards() throws Exception {
        TestStores.open(file, CLOCK).close();
        Path fresh = folder.resolve("fresh.db");
        TestStores.open(fresh, CLOCK).close();
        assertThat(columns(file)).isEqualTo(columns(fresh));
    }

    @Test
    void ofTheVersionBeforeKeepAllThatTheyKnow() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE upload_checkpoints ADD COLUMN levels INTEGER NOT NULL DEFAULT 15");
            statement.execute("CREATE TABLE tally(priority INTEGER PRIMARY KEY, pending INTEGER NOT NULL,"
                    + " oldest_ms INTEGER NOT NULL)");
            statement.execute("CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL)");
            statement.execute("INSERT INTO notes VALUES ('a.key', '1')");
            statement.execute("INSERT INTO schema_version VALUES (101, 1), (102, 1)");
            statement.execute(
                    "INSERT INTO series VALUES (3, 'a.d', 'rig', '{\"n\":\"1\"}', 1, 'TEXT', 'NONE', 2, x'03')");
            statement.execute("INSERT INTO samples VALUES (1000, 3, '1.10'), (2500, 2, 0.1)");
            statement.execute("INSERT INTO set_aside VALUES (2500, 2, 'bad', 4000)");
            statement.execute("INSERT INTO exceptions VALUES (2500, 2, 0)");
            statement.execute(
                    "INSERT INTO sessions VALUES ('s1', 'boot', 900, 1500, 'completed', '{\"number\":\"7\"}'),"
                            + " ('s2', 'boot', 1600, NULL, 'active', '{\"number\":\"8\",\"uptime_ms\":\"5\"}')");
        }
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.state().versions()).containsExactly(Schema.VERSION, 102, 101, 100);
            assertThat(store.note("a.key")).contains("1");
            assertThat(store.state().restarts()).isEqualTo(8);
            assertThat(store.status().quarantinedSamples()).isEqualTo(1);
            assertThat(store.status().pendingSamples()).isEqualTo(3);
        }
        assertThat(rows("SELECT timestamp_ms || ' ' || metric_name || ' ' || coalesce(metric_value, value_text) || ' '"
                        + " || uploaded || ' ' || coalesce(session_id, '') FROM metrics"))
                .containsExactlyInAnyOrder(
                        "1000 a.b 5.0 0 s1",
                        "1000 a.c 6.0 0 s1",
                        "1000 a.d 1.10 0 s1",
                        "2000 a.b 7.0 1 s2",
                        "2500 a.c 0.1 0 s2",
                        "3000 a.b 8.0 0 s2");
        assertThat(rows("SELECT reason || ' ' || time_ms FROM quarantine")).containsExactly("bad 4000");
    }

    @Test
    void areWholeWhereverTheMigrationFails() throws Exception {
        List<String> before = OriginalDatabase.dump(file);
        int steps = 0;
        boolean interrupted = true;
        while (interrupted) {
            AtomicInteger left = new AtomicInteger(++steps);
            Migration migration = new Migration(file, 100, Platform.REAL, 1, () -> {
                if (left.decrementAndGet() == 0) {
                    throw new IOException("interrupted");
                }
            });
            try {
                migration.run(CLOCK.millis());
                interrupted = false;
            } catch (IOException e) {
                assertThat(e).hasMessage("interrupted");
                List<String> now = OriginalDatabase.dump(file);
                interrupted = now.equals(before);
            }
        }
        assertThat(steps).isGreaterThan(4);
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.status().pendingSamples()).isEqualTo(3);
        }
    }

    /** Of damage that no page shows: the row costs itself only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO delivered VALUES (2, 2500, 9223372036854775807)",
                "INSERT INTO delivered VALUES (3, -7, -2)",
                "INSERT INTO delivered VALUES (9, 0, 1)",
                "INSERT INTO samples VALUES (-5, 1, 1.0)",
                "INSERT INTO samples VALUES (9223372036854775807, 1, 1.0)",
                "INSERT INTO samples VALUES (2500, 99, 1.0)",
                "INSERT INTO samples VALUES (2500, 1, 'x')",
                "INSERT INTO samples VALUES (2500, 1, 9e999)",
                "INSERT INTO upload_checkpoints VALUES (100, 'b', 0, 1000, 2000, 9223372036854775807, 2)",
                "INSERT INTO upload_checkpoints VALUES (100, 'b', 0, 1000, 2000, -9223372036854775807, 2)",
                "INSERT INTO upload_checkpoints VALUES (100, 'b', 0, 3000, -1, 5000, 2)",
                "INSERT INTO sessions VALUES ('s1', NULL, 900, NULL, 'active', '{\"number\":9223372036854775807}')",
                "INSERT INTO sessions VALUES ('s1', NULL, 9223372036854775807, NULL, 'active', '{}')",
            })
    void areMigratedWithoutARowOfNoUse(String damage) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(damage);
        }
        for (int start = 0; start < 3; start++) {
            try (SqliteStore store = TestStores.open(file, CLOCK)) {
                assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))
                                .orElseThrow()
                                .size())
                        .isEqualTo(3 + start);
                store.append(new SampleBatch(
                        CLOCK.instant().plusSeconds(start),
                        "rig",
                        new TreeMap<>(),
                        Priority.NORMAL,
                        List.of(Metric.gauge("a.b", Unit.NONE, "A level").sample(1))));
            }
        }
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.resend(DESTINATION, Instant.ofEpochMilli(5000))).isEqualTo(1);
            assertThat(store.status().pendingSamples()).isEqualTo(7);
        }
    }

    /** A page of samples that cannot be read costs its samples, after a second look. */
    @Test
    void areMigratedAroundDamage() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 4000 UNION ALL SELECT i + 1 FROM n WHERE i < 6999)"
                    + " INSERT INTO samples SELECT i, 1, i FROM n");
            statement.execute("PRAGMA wal_checkpoint(RESTART)");
        }
        long page = Long.parseLong(
                rows("SELECT pageno FROM dbstat WHERE name = 'samples' AND pagetype = 'leaf' LIMIT 1 OFFSET 10")
                        .get(0));
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek((page - 1) * 1024);
            raw.write(new byte[1024]);
        }
        assertThatThrownBy(() -> TestStores.open(file, CLOCK)).hasMessageContaining("read once more in 15 seconds");
        try (SqliteStore store = TestStores.open(file, Clock.offset(CLOCK, Duration.ofSeconds(15)))) {
            assertThat(store.status().pendingSamples()).isBetween(2_800L, 3_002L);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        return rows;
    }

    private Connection connect() throws SQLException {
        return new JDBC().connect("jdbc:sqlite:" + file, new Properties());
    }

    private static List<String> columns(Path file) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT t.type, t.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema t"
                                + " LEFT JOIN pragma_table_info(t.name) c ORDER BY 1, 2, c.cid")) {
            while (row.next()) {
                columns.add(row.getString(1) + " " + row.getString(2) + " " + row.getString(3) + " " + row.getString(4)
                        + " " + row.getString(5) + " " + row.getString(6));
            }
        }
        return columns;
    }
}
