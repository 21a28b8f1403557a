package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of the original agent's table {@code metrics}, of any of its versions: what a version lacks is taken for its
 * default there. Copied in the order of time, a bounded number at a time.
 *
 * <p>What was uploaded becomes a range of time with exceptions: the range ends where that leaves the fewest of them.
 */
final class OriginalRows {
    /**
     * What was copied.
     *
     * @param rows rows that were read
     * @param samples samples that were stored
     * @param pending those of them that wait for delivery
     * @param duplicates rows whose point was there already: the first versions had no key against that
     * @param unusable rows without a name, a value, or a time between 1970 and 9999
     * @param series series that the samples belong to
     */
    record Counts(long rows, long samples, long pending, long duplicates, long unusable, int series) {}

    private record Key(String name, String device, @Nullable String tags, boolean text) {}

    private static final Logger LOG = LoggerFactory.getLogger(OriginalRows.class);
    private static final int LEVELS = Priority.values().length;
    private static final long END = DeliveryQuery.END.toEpochMilli();
    private static final long LOG_EVERY = 1_000_000;

    private static final String IS_TEXT = "(value_text IS NOT NULL AND (metric_value IS NULL"
            + " OR lower(CAST(value_type AS TEXT)) IN ('1', 'text', 'string')))";

    private final Connection source;
    private final Database target;
    private final int rowsPerStep;
    private final OriginalMigration.Step step;
    private final SeriesTable series;
    private final SampleTable samples;
    private final DeliveryTables tables;
    private final String from;

    private final Map<Key, Integer> ids = new HashMap<>();
    private final Map<Integer, Integer> levels = new HashMap<>();
    private long rows;
    private long stored;
    private long pending;
    private long duplicates;
    private long unusable;

    OriginalRows(Connection source, Database target, int rowsPerStep, OriginalMigration.Step step)
            throws SQLException, IOException {
        this.source = source;
        this.target = target;
        this.rowsPerStep = rowsPerStep;
        this.step = step;
        series = new SeriesTable(target);
        samples = new SampleTable(target);
        tables = new DeliveryTables(target);
        from = normalised();
    }

    /** Copies all rows. */
    Counts copy() throws SQLException, IOException {
        long deliveredBefore = deliveredBefore();
        target.begin();
        if (deliveredBefore > 0) {
            for (int level = 0; level < LEVELS; level++) {
                tables.replace(level, DeliveredRanges.NONE, DeliveredRanges.NONE.plus(0, deliveredBefore - 1));
            }
        }
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT timestamp_ms, metric_name, metric_value, value_text, device_id, tags_json, priority,"
                                + " uploaded, " + IS_TEXT + " FROM " + from + " ORDER BY timestamp_ms, id")) {
            while (row.next()) {
                copy(row, deliveredBefore);
                if (++rows % rowsPerStep == 0) {
                    nextTransaction();
                }
                if (rows % LOG_EVERY == 0) {
                    LOG.info("{} rows are migrated so far", rows);
                }
            }
        }
        series.prioritise(levels);
        nextTransaction();
        target.commit();
        return new Counts(rows, stored, pending, duplicates, unusable, levels.size());
    }

    private void nextTransaction() throws SQLException, IOException {
        target.commit();
        series.committed();
        step.done();
        target.begin();
    }

    private void copy(ResultSet row, long deliveredBefore) throws SQLException {
        long timestamp = row.getLong(1);
        boolean timed = !row.wasNull() && timestamp >= 0 && timestamp < END;
        String name = row.getString(2);
        double value = row.getDouble(3);
        boolean valued = !row.wasNull() && Double.isFinite(value);
        boolean text = row.getBoolean(9);
        if (!timed || name == null || name.isEmpty() || !(text || valued)) {
            unusable++;
            return;
        }
        String device = row.getString(5);
        Key key = new Key(name, device == null || device.isEmpty() ? "unknown" : device, row.getString(6), text);
        int level = Math.max(0, Math.min(LEVELS - 1, row.getInt(7)));
        Integer id = ids.get(key);
        if (id == null) {
            id = series.idOf(seriesOf(key, Priority.ofLevel(level)));
            ids.put(key, id);
        }
        // The newest row of a series says how urgent it is.
        levels.put(id, level);
        if (!samples.insert(timestamp, id, value, text ? row.getString(4) : null)) {
            duplicates++;
            return;
        }
        stored++;
        if (text) {
            return;
        }
        boolean isPending = row.getInt(8) == 0;
        if (isPending) {
            pending++;
        }
        if (isPending == timestamp < deliveredBefore) {
            tables.putException(timestamp, id, isPending);
        }
    }

    /** The time before which everything is declared delivered: where the fewest samples say otherwise. */
    private long deliveredBefore() throws SQLException {
        long best = 0;
        long balance = 0;
        long lowest = 0;
        try (Statement statement = source.createStatement();
                ResultSet instant = statement.executeQuery("SELECT timestamp_ms, sum(uploaded = 0) - sum(uploaded <> 0)"
                        + " FROM " + from + " WHERE NOT " + IS_TEXT
                        + " AND timestamp_ms >= 0 GROUP BY timestamp_ms ORDER BY timestamp_ms")) {
            while (instant.next()) {
                balance += instant.getLong(2);
                if (balance < lowest) {
                    lowest = balance;
                    best = instant.getLong(1) + 1;
                }
            }
        }
        return Math.min(best, END);
    }

    /** The table, with the columns that its version lacks. */
    private String normalised() throws SQLException {
        Set<String> columns = new HashSet<>();
        try (Statement statement = source.createStatement();
                ResultSet column = statement.executeQuery("SELECT name FROM pragma_table_info('metrics')")) {
            while (column.next()) {
                columns.add(column.getString(1));
            }
        }
        Map<String, String> defaults = new TreeMap<>(Map.of(
                "timestamp_ms", "NULL",
                "metric_name", "NULL",
                "metric_value", "NULL",
                "device_id", "NULL",
                "tags_json", "NULL",
                "value_text", "NULL",
                "value_type", "NULL"));
        StringBuilder query = new StringBuilder("(SELECT rowid AS id");
        defaults.forEach((column, missing) ->
                query.append(", ").append(columns.contains(column) ? column : missing + " AS " + column));
        query.append(columns.contains("uploaded") ? ", coalesce(uploaded, 0) AS uploaded" : ", 0 AS uploaded");
        // The original's default is 1.
        query.append(columns.contains("priority") ? ", coalesce(priority, 1) AS priority" : ", 1 AS priority");
        return query.append(" FROM metrics)").toString();
    }

    private static Series seriesOf(Key key, Priority priority) {
        Kind kind = key.text() ? Kind.TEXT : key.name().endsWith("_total") ? Kind.COUNTER : Kind.GAUGE;
        return new Series(key.name(), kind, Unit.NONE, key.device(), tagsOf(key.tags()), priority);
    }

    /** The tags; what is no JSON object is kept whole as a tag of its own. */
    private static SortedMap<String, String> tagsOf(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return new TreeMap<>();
        }
        try {
            return CanonicalJson.readFlat(json);
        } catch (IOException e) {
            return new TreeMap<>(Map.of("tags_json", json));
        }
    }
}
