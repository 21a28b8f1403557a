package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.collector.Unit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sqlite.JDBC;

/** The database of an agent, read as the sqlite3 shell would. */
final class Database {
    private final Path file;

    Database(Path file) {
        this.file = file;
    }

    /** All numeric samples, as an export of the server has them: labels to time to value. */
    Map<SortedMap<String, String>, SortedMap<Long, Double>> numericSamples() throws Exception {
        return numericSamples("true");
    }

    /** Those of the series, {@code r}, that a condition picks. */
    Map<SortedMap<String, String>, SortedMap<Long, Double>> numericSamples(String condition) throws Exception {
        Map<SortedMap<String, String>, SortedMap<Long, Double>> samples = new HashMap<>();
        query(
                "SELECT p.time_ms, v.value, r.name, r.kind, r.unit, r.device_id, r.tags FROM pass p"
                        + " CROSS JOIN layout l ON l.id = p.layout CROSS JOIN json_each(p.samples) v"
                        + " CROSS JOIN series r ON r.id = json_extract(l.series, '$[' || v.key || ']')"
                        + " WHERE v.type <> 'null' AND r.value_type = 0 AND " + condition,
                row -> {
                    TreeMap<String, String> labels = new TreeMap<>();
                    labels.put("__name__", wireName(row));
                    labels.put("device_id", row.getString("device_id"));
                    JsonNode tags = new ObjectMapper().readTree(row.getString("tags"));
                    tags.properties()
                            .forEach(tag -> labels.put(
                                    PrometheusName.ofTag(tag.getKey()),
                                    tag.getValue().asText()));
                    samples.computeIfAbsent(labels, series -> new TreeMap<>())
                            .put(row.getLong("time_ms"), row.getDouble("value"));
                });
        return samples;
    }

    /** Takes one sample. */
    interface Taker {
        void take(long time, String tag, double value);
    }

    /** Hands out all samples of a metric with the value of one of its tags, in the order of time, keeping none. */
    void eachSample(String metric, String tag, Taker taker) throws Exception {
        query(
                "SELECT timestamp_ms, metric_value, json_extract(tags, '$." + tag
                        + "') FROM metrics WHERE metric_name = '" + metric + "' ORDER BY timestamp_ms",
                row -> taker.take(row.getLong(1), row.getString(3), row.getDouble(2)));
    }

    long count() throws Exception {
        return Long.parseLong(first("SELECT coalesce(sum(numbers + texts), 0) FROM pass"));
    }

    long pending() throws Exception {
        return Long.parseLong(first("SELECT count(*) FROM metrics WHERE uploaded = 0 AND value_text IS NULL"));
    }

    String integrity() throws Exception {
        return first("PRAGMA integrity_check");
    }

    /** The status of each session, oldest first. */
    List<String> sessions() throws Exception {
        List<String> statuses = new ArrayList<>();
        query("SELECT status FROM sessions ORDER BY start_time", row -> statuses.add(row.getString(1)));
        return statuses;
    }

    /** The id of the session that began last. */
    String newestSession() throws Exception {
        List<String> ids = new ArrayList<>();
        query("SELECT id FROM sessions ORDER BY start_time DESC LIMIT 1", row -> ids.add(row.getString(1)));
        return ids.get(0);
    }

    /** When there are samples of a series, in order. */
    List<Long> times(String metric, String tags) throws Exception {
        List<Long> times = new ArrayList<>();
        query(
                "SELECT timestamp_ms FROM metrics WHERE metric_name = '" + metric + "' AND tags = '" + tags
                        + "' ORDER BY timestamp_ms",
                row -> times.add(row.getLong(1)));
        return times;
    }

    private interface Row {
        void read(ResultSet row) throws Exception;
    }

    /** Changes it, while no agent works on it. */
    void execute(String sql) throws SQLException {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String first(String sql) throws Exception {
        List<String> values = new ArrayList<>();
        query(sql, row -> values.add(row.getString(1)));
        return values.get(0);
    }

    private void query(String sql, Row reader) throws Exception {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:file:" + file + "?mode=ro", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                reader.read(rows);
            }
        }
    }

    private static String wireName(ResultSet row) throws SQLException {
        return PrometheusName.of(
                row.getString("name"),
                Enum.valueOf(Kind.class, row.getString("kind")),
                Enum.valueOf(Unit.class, row.getString("unit")));
    }
}
