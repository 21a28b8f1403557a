package io.tidewatch.store.sqlite.migration;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the original agent's table {@code metrics}, in the order in which they were written.
 *
 * <p>Where a point is there twice, one row of it that says that the server has it is enough.
 */
final class OriginalRows implements Migration.Rows {
    private record Key(String name, String device, @Nullable String tags, boolean text) {}

    private static final int LEVELS = Priority.values().length;

    private final Connection source;
    private final Map<Key, Integer> ids = new HashMap<>();
    private long rows;
    private long unusable;
    private @Nullable SQLException damage;

    OriginalRows(Connection source) {
        this.source = source;
    }

    @Override
    public void copy(MigratedPasses target, boolean pending) throws SQLException, IOException {
        rows = 0;
        unusable = 0;
        try (OriginalCursor cursor = new OriginalCursor(source)) {
            while (cursor.next()) {
                rows++;
                copy(cursor.row(), target, pending);
            }
            damage = cursor.damage();
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long unusable() {
        return unusable;
    }

    @Override
    public @Nullable SQLException damage() {
        return damage;
    }

    private void copy(ResultSet row, MigratedPasses target, boolean pending) throws SQLException, IOException {
        String name = row.getString(OriginalCursor.NAME);
        boolean text = row.getBoolean(OriginalCursor.IS_TEXT);
        long timestamp = timestamp(row);
        double value = row.getDouble(OriginalCursor.VALUE);
        boolean valued = text || (!row.wasNull() && Double.isFinite(value));
        if (timestamp < 0 || name == null || name.isEmpty() || !valued) {
            unusable++;
            return;
        }
        boolean isPending = !text && row.getInt(OriginalCursor.UPLOADED) == 0;
        if (isPending == pending) {
            String content = text ? row.getString(OriginalCursor.TEXT) : null;
            target.add(idOf(name, text, row, target), timestamp, level(row), value, content, null);
        }
    }

    private int idOf(String name, boolean text, ResultSet row, MigratedPasses target) throws SQLException {
        String device = row.getString(OriginalCursor.DEVICE);
        Key key = new Key(
                name,
                device == null || device.isEmpty() ? "unknown" : device,
                row.getString(OriginalCursor.TAGS),
                text);
        Integer id = ids.get(key);
        if (id == null) {
            // Tags that differ in their spelling only are one series.
            id = target.series().idOf(seriesOf(key, Priority.ofLevel(level(row))));
            ids.put(key, id);
        }
        return id;
    }

    private static int level(ResultSet row) throws SQLException {
        return Math.max(0, Math.min(LEVELS - 1, row.getInt(OriginalCursor.PRIORITY)));
    }

    /** The time of a row; -1 if it is none that a sample can have. */
    private static long timestamp(ResultSet row) throws SQLException {
        long timestamp = row.getLong(OriginalCursor.TIMESTAMP);
        return row.wasNull() || timestamp < 0 || timestamp >= Millis.END ? -1 : timestamp;
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
