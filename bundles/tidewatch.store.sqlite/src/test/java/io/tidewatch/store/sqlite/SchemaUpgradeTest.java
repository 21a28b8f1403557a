package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.DeliveryQuery;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            assertThat(store.next(DeliveryQuery.everything(10)).orElseThrow().size())
                    .isEqualTo(3);
            assertThat(store.schemaVersions()).containsExactly(Schema.VERSION, 101, 100);
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(OriginalMigration.number(
                            statement, "SELECT levels FROM upload_checkpoints WHERE batch_id = 'b'"))
                    .isEqualTo(15);
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
    void ofTheVersionBeforeHaveTheTablesOfNewOnesAfterwards() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE upload_checkpoints ADD COLUMN levels INTEGER NOT NULL DEFAULT 15");
            statement.execute("CREATE TABLE tally(priority INTEGER PRIMARY KEY, pending INTEGER NOT NULL,"
                    + " oldest_ms INTEGER NOT NULL)");
            statement.execute("INSERT INTO schema_version VALUES (101, 1)");
        }
        try (SqliteStore store = TestStores.open(file, CLOCK)) {
            assertThat(store.schemaVersions()).containsExactly(Schema.VERSION, 101, 100);
            store.note("a.key", "1");
            assertThat(store.note("a.key")).contains("1");
        }
        Path fresh = folder.resolve("fresh.db");
        TestStores.open(fresh, CLOCK).close();

        assertThat(columns(file)).isEqualTo(columns(fresh));
    }

    @Test
    void areWholeWhereverTheUpgradeFails() throws Exception {
        List<String> before = OriginalDatabase.dump(file);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // The last statement of the upgrade fails, after all others have worked.
            statement.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON schema_version BEGIN"
                    + " SELECT raise(ABORT, 'stopped'); END");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> Schema.upgrade(statement, 100, CLOCK.millis()))
                    .hasMessageContaining("stopped");
        }
        assertThat(OriginalDatabase.dump(file)).isEqualTo(before);
        TestStores.open(file, CLOCK).close();
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
