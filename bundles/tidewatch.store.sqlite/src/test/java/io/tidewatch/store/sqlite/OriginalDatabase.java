package io.tidewatch.store.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/** Databases as the original agent made them, of each of its versions. */
final class OriginalDatabase {
    /** Tags as they were written, and as they are meant. */
    private static final List<Tags> TAGS = List.of(
            new Tags(null, ""),
            new Tags("", ""),
            new Tags("{}", ""),
            new Tags("{\"core\":\"0\"}", "core=0;"),
            new Tags("{\"b\":\"2\",\"a\":\"1\"}", "a=1;b=2;"),
            new Tags("{\"name\":\"über \\\"x\\\" \\u4e2d\"}", "name=über \"x\" 中;"),
            new Tags("{\"n\":1.50,\"t\":true,\"z\":null,\"o\":{\"k\":[1]}}", "n=1.50;o={\"k\":[1]};t=true;z=;"),
            new Tags("not json", "tags_json=not json;"));

    private record Tags(@Nullable String json, String meaning) {}

    /**
     * A sample that is expected to be there afterwards.
     *
     * @param tags as {@code name=value;…}, sorted
     * @param value as the view shows it
     */
    record Expected(long time, String name, String device, String tags, String value, boolean pending) {
        /** Twice the same point: what the server has counts, else the first. */
        private Expected or(Expected later) {
            String kept = pending && !later.pending ? later.value : value;
            return new Expected(time, name, device, tags, kept, pending && later.pending);
        }
    }

    private OriginalDatabase() {}

    /**
     * Makes one.
     *
     * @param rows how many rows, some of which cannot be used or are there twice
     * @return the samples that it holds, in no order
     */
    static List<Expected> create(Path file, int version, int rows, long seed) throws Exception {
        Random random = new Random(seed);
        TreeMap<String, Expected> expected = new TreeMap<>();
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            for (String sql : tables(version)) {
                statement.execute(sql);
            }
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(insert(version))) {
                for (int i = 0; i < rows; i++) {
                    Row row = row(version, rows, i, random);
                    row.bind(insert, version);
                    if (insert.executeUpdate() == 1 && row.usable()) {
                        expected.merge(row.identity(), row.expected(), Expected::or);
                    }
                }
            }
            connection.commit();
        }
        return new ArrayList<>(expected.values());
    }

    private static Row row(int version, int rows, int index, Random random) {
        int metric = random.nextInt(12);
        Tags tags = version >= 2 ? TAGS.get(random.nextInt(TAGS.size())) : TAGS.get(0);
        boolean text = version >= 4 && metric == 0;
        // Older rows are mostly delivered, newer ones mostly not, with islands on both sides.
        boolean uploaded = version >= 2 && random.nextInt(100) < (index < rows * 2 / 3 ? 95 : 10);
        return new Row(
                1_700_000_000_000L + 1000L * (index / 20) - random.nextInt(3) * 1000L,
                random.nextInt(500) == 0 ? "" : "host.metric_" + metric + (metric % 3 == 0 ? "_total" : ""),
                text ? null : metric == 1 && random.nextInt(50) == 0 ? null : metric % 2 == 0 ? index : index / 7.0,
                text ? "text " + index : null,
                random.nextInt(40) == 0 ? "other" : "encoder-7",
                tags,
                random.nextInt(8) - 1,
                uploaded);
    }

    private record Row(
            long time,
            String name,
            @Nullable Double value,
            @Nullable String text,
            String device,
            Tags tags,
            int priority,
            boolean uploaded) {
        boolean usable() {
            return !name.isEmpty() && (value != null || text != null);
        }

        String identity() {
            return time + "|" + name + "|" + device + "|" + tags.meaning() + "|" + (text != null);
        }

        Expected expected() {
            return new Expected(
                    time,
                    name,
                    device,
                    tags.meaning(),
                    text == null ? String.valueOf(value) : text,
                    text == null && !uploaded);
        }

        void bind(PreparedStatement insert, int version) throws Exception {
            insert.setLong(1, time);
            insert.setString(2, name);
            insert.setObject(3, value);
            insert.setString(4, device);
            if (version >= 2) {
                insert.setInt(5, uploaded ? 1 : 0);
                insert.setInt(6, priority);
                insert.setString(7, "s1");
                insert.setString(8, version >= 3 ? dedupKey() : null);
                insert.setString(9, tags.json());
            }
            if (version >= 4) {
                insert.setString(10, text);
                insert.setInt(11, text == null ? 0 : 1);
            }
        }

        /** As version 5 computes it: SHA-256 of the JSON object, in that order. */
        private String dedupKey() throws Exception {
            String json = "{\"name\":\"" + name + "\",\"timestamp_ms\":" + time + ",\"device_id\":\"" + device
                    + "\",\"tags\":" + (tags.json() == null ? "{}" : tags.json()) + ",\"value_type\":"
                    + (text == null ? 0 : 1) + "}";
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static String insert(int version) {
        if (version == 1) {
            return "INSERT INTO metrics(timestamp_ms, metric_name, metric_value, device_id) VALUES (?, ?, ?, ?)";
        }
        String columns =
                "timestamp_ms, metric_name, metric_value, device_id, uploaded, priority, session_id, dedup_key,"
                        + " tags_json";
        return version < 4
                ? "INSERT OR IGNORE INTO metrics(" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                : "INSERT OR IGNORE INTO metrics(" + columns
                        + ", value_text, value_type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    }

    private static List<String> tables(int version) {
        List<String> tables = new ArrayList<>();
        tables.add("PRAGMA journal_mode=WAL");
        tables.add("CREATE TABLE schema_version(version INTEGER PRIMARY KEY, applied_at INTEGER)");
        for (int applied = 1; applied <= version; applied++) {
            tables.add("INSERT INTO schema_version VALUES (" + applied + ", " + (1000 + applied) + ")");
        }
        tables.add("CREATE TABLE metrics(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp_ms INTEGER NOT NULL,"
                + " metric_name TEXT NOT NULL, metric_value REAL, device_id TEXT NOT NULL"
                + (version >= 2
                        ? ", uploaded INTEGER NOT NULL DEFAULT 0, priority INTEGER NOT NULL DEFAULT 1, session_id TEXT,"
                                + " dedup_key TEXT, tags_json TEXT"
                        : "")
                + (version >= 4 ? ", value_text TEXT, value_type INTEGER NOT NULL DEFAULT 0" : "")
                + ")");
        if (version >= 2) {
            tables.add("CREATE TABLE upload_checkpoints(id INTEGER PRIMARY KEY AUTOINCREMENT, batch_id TEXT,"
                    + " chunk_index INTEGER, uploaded_at INTEGER, metric_count INTEGER, success INTEGER)");
            tables.add("INSERT INTO upload_checkpoints(batch_id, chunk_index, uploaded_at, metric_count, success)"
                    + " VALUES ('b', 0, 1, 50, 1)");
        }
        if (version >= 3) {
            tables.add("CREATE UNIQUE INDEX idx_dedup ON metrics(dedup_key)");
        }
        if (version >= 4) {
            tables.add("CREATE TABLE sessions(id TEXT PRIMARY KEY, start_time INTEGER, end_time INTEGER, status TEXT,"
                    + " metadata TEXT)");
            tables.add("INSERT INTO sessions VALUES ('s1', 1700000000000, 1700000600000, 'completed', '{\"a\":\"b\"}'),"
                    + " ('s2', 1700000700000, NULL, 'strange', NULL)");
        }
        return tables;
    }

    /** The content of a database, for a comparison. */
    static List<String> dump(Path file) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement();
                var tables = statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"
                        + " ORDER BY type = 'index', name")) {
            List<String> names = new ArrayList<>();
            while (tables.next()) {
                rows.add(String.valueOf(tables.getString(2)));
                if (String.valueOf(tables.getString(2)).startsWith("CREATE TABLE")) {
                    names.add(tables.getString(1));
                }
            }
            for (String name : names) {
                try (Statement each = connection.createStatement();
                        var row = each.executeQuery("SELECT * FROM " + name)) {
                    int columns = row.getMetaData().getColumnCount();
                    while (row.next()) {
                        StringBuilder line = new StringBuilder(name);
                        for (int i = 1; i <= columns; i++) {
                            line.append('|').append(row.getString(i));
                        }
                        rows.add(line.toString());
                    }
                }
            }
        }
        return rows;
    }
}
