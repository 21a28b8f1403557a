package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.UUID;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/**
 * A row per sample with all that there is to say of it, as schema 5 of the original agent has it: names, tags as JSON, a
 * session, a SHA-256 in hex, a flag, and four indexes: one for duplicates, one each for what queries by time, by name and
 * by delivery need.
 */
final class RowLayout implements MeasuredLayout {
    private static final int CHUNK = 50;

    private final Path file;
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement pending;
    private final PreparedStatement mark;
    private final PreparedStatement chunk;
    private final MessageDigest digest;
    private final String session = UUID.randomUUID().toString();

    RowLayout(Path file) throws Exception {
        this.file = file;
        SQLiteConfig config = new SQLiteConfig();
        config.setGetGeneratedKeys(false);
        connection = new JDBC().connect("jdbc:sqlite:" + file, config.toProperties());
        try (Statement statement = connection.createStatement()) {
            for (String sql : new String[] {
                "PRAGMA journal_mode=WAL",
                "PRAGMA synchronous=NORMAL",
                "PRAGMA wal_autocheckpoint=0",
                "CREATE TABLE metrics(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp_ms INTEGER NOT NULL,"
                        + " metric_name TEXT NOT NULL, metric_value REAL, device_id TEXT NOT NULL,"
                        + " uploaded INTEGER NOT NULL DEFAULT 0, priority INTEGER NOT NULL DEFAULT 1, session_id TEXT,"
                        + " dedup_key TEXT, tags_json TEXT, value_text TEXT, value_type INTEGER NOT NULL DEFAULT 0)",
                "CREATE UNIQUE INDEX metrics_key ON metrics(dedup_key)",
                "CREATE INDEX metrics_time ON metrics(timestamp_ms)",
                "CREATE INDEX metrics_name ON metrics(metric_name, timestamp_ms)",
                "CREATE INDEX metrics_pending ON metrics(uploaded, priority, timestamp_ms)",
                "CREATE TABLE upload_checkpoints(id INTEGER PRIMARY KEY AUTOINCREMENT, batch_id TEXT,"
                        + " chunk_index INTEGER, uploaded_at INTEGER, metric_count INTEGER, success INTEGER)",
            }) {
                statement.execute(sql);
            }
        }
        insert = connection.prepareStatement("INSERT OR IGNORE INTO metrics(timestamp_ms, metric_name, metric_value,"
                + " device_id, priority, session_id, dedup_key, tags_json, value_type)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)");
        pending = connection.prepareStatement(
                "SELECT id, timestamp_ms, metric_name, metric_value, device_id, tags_json FROM metrics"
                        + " WHERE uploaded = 0 AND value_type = 0 ORDER BY priority, timestamp_ms LIMIT ?");
        mark = connection.prepareStatement("UPDATE metrics SET uploaded = 1 WHERE id = ?");
        chunk = connection.prepareStatement("INSERT INTO upload_checkpoints(batch_id, chunk_index, uploaded_at,"
                + " metric_count, success) VALUES (?, ?, ?, ?, 1)");
        digest = MessageDigest.getInstance("SHA-256");
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public void append(SampleBatch batch) throws SQLException {
        connection.setAutoCommit(false);
        for (Sample sample : batch.samples()) {
            TreeMap<String, String> tags = new TreeMap<>(batch.labels());
            for (int i = 0; i < sample.tagValues().size(); i++) {
                tags.put(sample.metric().tags().get(i), sample.tagValues().get(i));
            }
            String json = CanonicalJson.write(tags);
            insert.setLong(1, batch.timestamp().toEpochMilli());
            insert.setString(2, sample.metric().name());
            insert.setDouble(3, sample.value());
            insert.setString(4, batch.deviceId());
            insert.setInt(5, batch.priority().level());
            insert.setString(6, session);
            insert.setString(7, key(batch, sample, json));
            insert.setString(8, json);
            insert.executeUpdate();
        }
        connection.setAutoCommit(true);
    }

    private String key(SampleBatch batch, Sample sample, String tags) {
        String json = "{\"name\":\"" + sample.metric().name() + "\",\"timestamp_ms\":"
                + batch.timestamp().toEpochMilli() + ",\"device_id\":\"" + batch.deviceId() + "\",\"tags\":" + tags
                + ",\"value_type\":0}";
        return HexFormat.of().formatHex(digest.digest(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public int deliver(int most, Instant now) throws SQLException {
        long[] ids = new long[most];
        int size = 0;
        pending.setInt(1, most);
        try (ResultSet rows = pending.executeQuery()) {
            while (rows.next()) {
                ids[size++] = rows.getLong(1);
                rows.getLong(2);
                rows.getString(3);
                rows.getDouble(4);
                rows.getString(5);
                rows.getString(6);
            }
        }
        connection.setAutoCommit(false);
        String batch = UUID.randomUUID().toString();
        for (int i = 0; i < size; i++) {
            if (i % CHUNK == 0) {
                chunk.setString(1, batch);
                chunk.setInt(2, i / CHUNK);
                chunk.setLong(3, now.toEpochMilli());
                chunk.setInt(4, Math.min(CHUNK, size - i));
                chunk.executeUpdate();
            }
            mark.setLong(1, ids[i]);
            mark.executeUpdate();
        }
        connection.setAutoCommit(true);
        return size;
    }

    @Override
    public void checkpoint() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(RESTART)");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
