package io.tidewatch.store.sqlite.migration;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import io.tidewatch.store.sqlite.tables.PassRow;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the original agent's table {@code metrics}, in the order in which they were written.
 *
 * <p>Where a point is there twice, one row of it that says that the server has it is enough.
 */
final class OriginalRows extends Rows {
    private record Key(String name, String device, @Nullable String tags, boolean text) {}

    private static final int TIMESTAMP = 2;
    private static final int NAME = 3;
    private static final int VALUE = 4;
    private static final int TEXT = 5;
    private static final int DEVICE = 6;
    private static final int TAGS = 7;
    private static final int PRIORITY = 8;
    private static final int UPLOADED = 9;
    private static final int IS_TEXT = 10;

    private final Map<Key, Integer> ids = new HashMap<>();

    OriginalRows(Connection source) throws SQLException {
        // Nothing is sorted, so that neither memory nor room for temporary files is needed.
        super(new DamagedTable(source, "metrics NOT INDEXED", columns(source)));
    }

    /** What a version lacks is taken for its default there. */
    private static List<String> columns(Connection source) throws SQLException {
        List<String> present = DamagedTable.columns(source, "metrics");
        String number = present.contains("metric_value") ? "metric_value" : "NULL";
        String text = present.contains("value_text") ? "value_text" : "NULL";
        String type = present.contains("value_type") ? "lower(CAST(value_type AS TEXT))" : "''";
        return List.of(
                "rowid",
                present.contains("timestamp_ms") ? "timestamp_ms" : "NULL",
                present.contains("metric_name") ? "metric_name" : "NULL",
                number,
                text,
                present.contains("device_id") ? "device_id" : "NULL",
                present.contains("tags_json") ? "tags_json" : "NULL",
                present.contains("priority") ? "coalesce(priority, 1)" : "1",
                present.contains("uploaded") ? "coalesce(uploaded, 0)" : "0",
                text + " IS NOT NULL AND (" + number + " IS NULL OR " + type + " IN ('1', 'text', 'string'))");
    }

    @Override
    boolean copy(ResultSet row, MigratedPasses target, boolean pending) throws SQLException, IOException {
        String name = row.getString(NAME);
        boolean text = row.getBoolean(IS_TEXT);
        long timestamp = row.getLong(TIMESTAMP);
        boolean timed = !row.wasNull() && timestamp >= 0 && timestamp < Millis.END;
        double value = row.getDouble(VALUE);
        boolean valued = text || (!row.wasNull() && Double.isFinite(value));
        if (!timed || name == null || name.isEmpty() || !valued) {
            return false;
        }
        boolean isPending = !text && row.getInt(UPLOADED) == 0;
        if (isPending == pending) {
            String content = text ? row.getString(TEXT) : null;
            target.add(idOf(name, text, row, target), timestamp, level(row), value, content, null);
        }
        return true;
    }

    private int idOf(String name, boolean text, ResultSet row, MigratedPasses target) throws SQLException {
        String device = row.getString(DEVICE);
        Key key = new Key(name, device == null || device.isEmpty() ? "unknown" : device, row.getString(TAGS), text);
        Integer id = ids.get(key);
        if (id == null) {
            // Tags that differ in their spelling only are one series.
            id = target.series().idOf(seriesOf(key, Priority.ofLevel(level(row))));
            ids.put(key, id);
        }
        return id;
    }

    private static int level(ResultSet row) throws SQLException {
        return Math.max(0, Math.min(PassRow.LEVELS - 1, row.getInt(PRIORITY)));
    }

    private static Series seriesOf(Key key, Priority priority) {
        Kind kind = key.text() ? Kind.TEXT : key.name().endsWith("_total") ? Kind.COUNTER : Kind.GAUGE;
        String json = key.tags();
        SortedMap<String, String> tags =
                json == null || json.isBlank() ? new TreeMap<>() : CanonicalJson.readOr(json, "tags_json");
        return new Series(key.name(), kind, Unit.NONE, key.device(), tags, priority);
    }
}
