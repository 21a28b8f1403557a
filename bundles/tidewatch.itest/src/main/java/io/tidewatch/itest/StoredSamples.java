package io.tidewatch.itest;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.sqlite.JDBC;

/** What the database of a running agent holds, read as the sqlite3 shell would: a connection per question. */
record StoredSamples(Path database) {

    long count(String metric) {
        return numbers("SELECT count(*) FROM metrics WHERE metric_name = ?", metric)
                .get(0);
    }

    long seriesOf(String metric) {
        return numbers("SELECT count(*) FROM series WHERE name = ?", metric).get(0);
    }

    /** The instants at which a metric was sampled, ascending. */
    long[] timestamps(String metric) {
        return numbers("SELECT DISTINCT timestamp_ms FROM metrics WHERE metric_name = ? ORDER BY timestamp_ms", metric)
                .stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** The newest instant of a metric; 0 if there is none. */
    long newest(String metric) {
        long[] timestamps = timestamps(metric);
        return timestamps.length == 0 ? 0 : timestamps[timestamps.length - 1];
    }

    private List<Long> numbers(String sql, String metric) {
        try (Connection connection = new JDBC().connect("jdbc:sqlite:file:" + database + "?mode=ro", new Properties());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, metric);
            List<Long> numbers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read " + database, e);
        }
    }
}
