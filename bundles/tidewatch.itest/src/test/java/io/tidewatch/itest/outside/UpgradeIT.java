package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;

/**
 * A device is updated after an outage, and switched off again and again while its database is migrated. More of both with
 * {@code -Dtidewatch.upgrade.samples=3600000 -Dtidewatch.upgrade.kills=10}.
 */
class UpgradeIT {
    private static final int SAMPLES = Integer.getInteger("tidewatch.upgrade.samples", 120_000);
    private static final int KILLS = Integer.getInteger("tidewatch.upgrade.kills", 3);
    private static final int SERIES = 60;
    private static final long INTERVAL_MS = 10_000;
    private static final String DEVICE = "rig-7";
    private static final Path TABLES = Path.of("../tidewatch.store.sqlite/src/test/resources/schema/100.sql");
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void everySampleOfADatabaseOfTheVersionBeforeArrivesOnce() throws Exception {
        long seed = Long.getLong("tidewatch.upgrade.seed", System.nanoTime());
        Random random = new Random(seed);
        Path folder = AgentProcess.workFolder("upgrade");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            write(agent.database());
            agent.configure("tidewatch.device", Map.of("id", DEVICE));
            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of("url", server.importUrl().toString(), "upload.interval", "1s"));
            int whileMigrating = 0;
            Path copy = agent.database().resolveSibling("metrics.db.migrating");
            for (int kill = 0; kill < KILLS; kill++) {
                agent.start();
                agent.await("the migration", () -> Files.exists(copy) || isMigrated(agent.database()));
                // The first one at its beginning, to be sure of one.
                int latest = kill == 0 ? 50 : 1 + SAMPLES / 400;
                agent.process().waitFor(random.nextInt(latest), TimeUnit.MILLISECONDS);
                whileMigrating += Files.exists(copy) ? 1 : 0;
                agent.kill();
            }
            System.out.printf(
                    "%d of %d kills while the database was migrated (seed %d)%n", whileMigrating, KILLS, seed);
            assertThat(whileMigrating).isPositive();

            agent.start();
            agent.await(
                    "everything to be delivered",
                    PATIENCE,
                    () -> agent.component("uploader")
                                    .path("details")
                                    .path("pending_count")
                                    .asLong(Long.MAX_VALUE)
                            < 1000);
            agent.awaitStatus("ok");
            for (int n = 0; n < SERIES; n++) {
                String selector = "{__name__=\"upgrade_value\",n=\"" + n + "\"}";
                agent.await("series " + n, () -> {
                    server.flush();
                    return server.export(selector).values().stream()
                                    .mapToInt(Map::size)
                                    .sum()
                            >= SAMPLES / SERIES;
                });
                SortedMap<Long, Double> samples =
                        server.export(selector).values().iterator().next();
                assertThat(samples).hasSize(SAMPLES / SERIES);
                assertThat(samples.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum())
                        .isEqualTo(sum(n));
            }
            assertThat(agent.stop()).isZero();
        }
    }

    private static double value(int n, int instant) {
        return instant + n / 4.0;
    }

    private static double sum(int n) {
        double sum = 0;
        for (int i = 0; i < SAMPLES / SERIES; i++) {
            sum += value(n, i);
        }
        return sum;
    }

    private static boolean isMigrated(Path database) throws SQLException {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:file:" + database + "?mode=ro", new Properties());
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("SELECT count(*) FROM sqlite_schema WHERE name = 'pass'")
                    .getBoolean(1);
        }
    }

    /** As version 102 left it when it was killed: all of it is pending. */
    private static void write(Path database) throws Exception {
        Files.createDirectories(database.getParent());
        long begin = Instant.now().minus(Duration.ofHours(1)).toEpochMilli() / INTERVAL_MS * INTERVAL_MS
                - INTERVAL_MS * (SAMPLES / SERIES);
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + database, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size=512");
            statement.execute("PRAGMA auto_vacuum=INCREMENTAL");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA application_id=" + 0x54494445);
            statement.executeUpdate(Files.readString(TABLES));
            statement.execute("ALTER TABLE upload_checkpoints ADD COLUMN levels INTEGER NOT NULL DEFAULT 15");
            statement.execute("CREATE TABLE tally(priority INTEGER PRIMARY KEY, pending INTEGER NOT NULL,"
                    + " oldest_ms INTEGER NOT NULL)");
            statement.execute("CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL)");
            statement.execute("INSERT INTO schema_version VALUES (102, 1)");
            statement.execute("INSERT INTO sessions VALUES ('s1', 'boot', " + begin + ", NULL, 'active', '{}')");
            connection.setAutoCommit(false);
            try (PreparedStatement series = connection.prepareStatement(
                    "INSERT INTO series VALUES (?, 'upgrade.value', ?, ?, 0, 'GAUGE', 'NONE', 2, ?)")) {
                for (int n = 0; n < SERIES; n++) {
                    String tags = "{\"n\":\"" + n + "\"}";
                    String identity = "{\"name\":\"upgrade.value\",\"device_id\":\"" + DEVICE + "\",\"tags\":" + tags
                            + ",\"value_type\":0}";
                    series.setInt(1, n + 1);
                    series.setString(2, DEVICE);
                    series.setString(3, tags);
                    series.setBytes(
                            4, MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8)));
                    series.executeUpdate();
                }
            }
            try (PreparedStatement sample = connection.prepareStatement("INSERT INTO samples VALUES (?, ?, ?)")) {
                for (int i = 0; i < SAMPLES / SERIES; i++) {
                    for (int n = 0; n < SERIES; n++) {
                        sample.setLong(1, begin + i * INTERVAL_MS);
                        sample.setInt(2, n + 1);
                        sample.setDouble(3, value(n, i));
                        sample.addBatch();
                    }
                    sample.executeBatch();
                }
            }
            connection.commit();
        }
    }
}
