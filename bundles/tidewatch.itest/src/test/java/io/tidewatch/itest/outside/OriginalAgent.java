package io.tidewatch.itest.outside;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Properties;
import org.sqlite.JDBC;

/** What the original agent leaves on a device: its database, of its newest schema. */
final class OriginalAgent {
    /** Samples that it has not delivered. */
    static final int PENDING = 300;

    private static final int DELIVERED = 700;

    private OriginalAgent() {}

    /**
     * Writes its database: of the last 1000 seconds of an hour ago, the first 700 are delivered.
     *
     * @return the time of the first sample that is pending
     */
    static Instant leaveDatabase(Path file, String device) throws Exception {
        Files.createDirectories(file.getParent());
        Instant begin =
                Instant.ofEpochSecond(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER)");
            statement.execute("INSERT INTO schema_version VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)");
            statement.execute(
                    "CREATE TABLE metrics(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp_ms INTEGER NOT NULL,"
                            + " metric_name TEXT NOT NULL, metric_value REAL, device_id TEXT NOT NULL,"
                            + " uploaded INTEGER NOT NULL DEFAULT 0, priority INTEGER NOT NULL DEFAULT 1, session_id TEXT,"
                            + " dedup_key TEXT, tags_json TEXT, value_text TEXT, value_type INTEGER NOT NULL DEFAULT 0)");
            statement.execute("CREATE UNIQUE INDEX idx_dedup ON metrics(dedup_key)");
            statement.execute("CREATE TABLE upload_checkpoints(id INTEGER PRIMARY KEY AUTOINCREMENT, batch_id TEXT,"
                    + " chunk_index INTEGER, uploaded_at INTEGER, metric_count INTEGER, success INTEGER)");
            statement.execute("CREATE TABLE sessions(id TEXT PRIMARY KEY, start_time INTEGER, end_time INTEGER,"
                    + " status TEXT, metadata TEXT)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO metrics(timestamp_ms, metric_name, metric_value, device_id, uploaded, tags_json,"
                            + " dedup_key) VALUES (?, 'network.rx_bytes_total', ?, ?, ?, ?, ?)")) {
                for (int i = 0; i < DELIVERED + PENDING; i++) {
                    long time = begin.plusSeconds(i).toEpochMilli();
                    String tags = "{\"interface\":\"eth0\"}";
                    insert.setLong(1, time);
                    insert.setDouble(2, 1000.0 * i);
                    insert.setString(3, device);
                    insert.setInt(4, i < DELIVERED ? 1 : 0);
                    insert.setString(5, tags);
                    insert.setString(6, key(time, device, tags));
                    insert.executeUpdate();
                }
            }
            connection.commit();
        }
        return begin.plusSeconds(DELIVERED);
    }

    private static String key(long time, String device, String tags) throws Exception {
        String json = "{\"name\":\"network.rx_bytes_total\",\"timestamp_ms\":" + time + ",\"device_id\":\"" + device
                + "\",\"tags\":" + tags + ",\"value_type\":0}";
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
    }
}
