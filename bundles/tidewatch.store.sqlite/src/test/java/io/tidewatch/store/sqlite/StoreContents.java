package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.Operation.Point;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;

/**
 * What a store holds, in figures that differ when it differs: numbers of samples and sums of their hashes.
 *
 * @param stored samples
 * @param storedHash with their values
 * @param pending those of them that wait for delivery
 * @param pendingHash of them
 * @param quarantined those that were rejected
 * @param quarantineHash of them
 */
record StoreContents(
        long stored, long storedHash, long pending, long pendingHash, long quarantined, long quarantineHash) {
    static long hash(Point point, double value) {
        return Point.mix(point.hash() ^ Double.doubleToLongBits(value));
    }

    /** Reads a store that {@link Operation}s were done with, after a look at whether its file is sound. */
    static StoreContents of(SqliteStore store) throws Exception {
        try (Statement statement = store.database().connection().createStatement()) {
            assertThat(text(statement, "PRAGMA integrity_check")).isEqualTo("ok");
            assertThat(text(statement, "SELECT count(*) FROM sessions WHERE status = 'active'"))
                    .as("sessions under way")
                    .isEqualTo("1");
            long stored = 0;
            long storedHash = 0;
            try (ResultSet rows = statement.executeQuery(
                    "SELECT timestamp_ms, tags, coalesce(metric_value, value_text) FROM metrics")) {
                while (rows.next()) {
                    stored++;
                    storedHash += hash(
                            new Point(rows.getLong(1), seriesOf(rows.getString(2))),
                            Double.parseDouble(rows.getString(3)));
                }
            }
            long quarantined = 0;
            long quarantineHash = 0;
            try (ResultSet rows =
                    statement.executeQuery("SELECT p.time_ms, r.tags FROM quarantine q JOIN pass p ON p.seq = q.seq"
                            + " JOIN layout l ON l.id = p.layout"
                            + " JOIN series r ON r.id = json_extract(l.series, '$[' || q.column_index || ']')")) {
                while (rows.next()) {
                    quarantined++;
                    quarantineHash += new Point(rows.getLong(1), seriesOf(rows.getString(2))).hash();
                }
            }
            long pending = 0;
            long pendingHash = 0;
            Optional<Delivery> delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE));
            if (delivery.isPresent()) {
                for (SeriesSamples samples : delivery.get().series()) {
                    int series = seriesOf(samples);
                    for (int i = 0; i < samples.size(); i++) {
                        pending++;
                        pendingHash += new Point(samples.timestamp(i), series).hash();
                    }
                }
            }
            assertThat(store.status().pendingSamples()).as("pending by count").isEqualTo(pending);
            assertThat(store.status().quarantinedSamples())
                    .as("quarantined by count")
                    .isEqualTo(quarantined);
            assertThat(text(statement, "SELECT count(*) FROM metrics WHERE uploaded = 0 AND value_type = 0"))
                    .as("pending or quarantined by the view")
                    .isEqualTo(Long.toString(pending + quarantined));
            return new StoreContents(stored, storedHash, pending, pendingHash, quarantined, quarantineHash);
        }
    }

    /** Number of the series, from a delivery. */
    static int seriesOf(SeriesSamples samples) {
        return samples.series().kind() == Kind.TEXT
                ? Operation.TEXT
                : Integer.parseInt(
                        Objects.requireNonNull(samples.series().tags().get("n")));
    }

    private static int seriesOf(String tags) throws IOException {
        String number = CanonicalJson.read(tags).get("n");
        return number == null ? Operation.TEXT : Integer.parseInt(number);
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
