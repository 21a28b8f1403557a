package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes series from a damaged table into a new one. A series of which a part cannot be used is kept, with the likeliest
 * value in its place: its samples are worth more than its unit.
 */
public final class SalvagedSeries {
    /** The label that tags get that cannot be read. */
    public static final String UNREADABLE_TAGS = "damaged_tags";

    /** What {@link #save} expects of a row. */
    public static final List<String> COLUMNS =
            List.of("id", "name", "device_id", "tags", "value_type", "kind", "unit", "priority");

    private record Saved(int id, boolean text) {}

    private final SeriesTable target;
    private final Map<Long, Saved> byOldId = new HashMap<>();

    public SalvagedSeries(SeriesTable target) {
        this.target = target;
    }

    /** Saves the series of a row, under a new id. */
    public void save(ResultSet row) throws SQLException {
        String name = row.getString(2);
        long id = row.getLong(1);
        if (name == null || name.isEmpty() || byOldId.containsKey(id)) {
            return;
        }
        String device = row.getString(3);
        String tags = row.getString(4);
        boolean text = row.getInt(5) == 1;
        int level = row.getInt(8);
        Series series = new Series(
                name,
                kind(row.getString(6), name, text),
                unit(row.getString(7)),
                device == null || device.isEmpty() ? "unknown" : device,
                tags == null ? new TreeMap<>() : CanonicalJson.readOr(tags, UNREADABLE_TAGS),
                level >= 0 && level < PassRow.LEVELS ? Priority.ofLevel(level) : Priority.NORMAL);
        byOldId.put(id, new Saved(target.idOf(series), text));
    }

    /** The new id of a series; null if it was not saved, or has values of another type. */
    public @Nullable Integer idOf(long oldId, boolean text) {
        Saved saved = byOldId.get(oldId);
        return saved == null || saved.text() != text ? null : saved.id();
    }

    private static Kind kind(@Nullable String written, String name, boolean text) {
        if (text) {
            return Kind.TEXT;
        }
        return Kind.COUNTER.name().equals(written) || (!Kind.GAUGE.name().equals(written) && name.endsWith("_total"))
                ? Kind.COUNTER
                : Kind.GAUGE;
    }

    private static Unit unit(@Nullable String written) {
        try {
            return written == null ? Unit.NONE : Unit.valueOf(written);
        } catch (IllegalArgumentException e) {
            return Unit.NONE;
        }
    }
}
