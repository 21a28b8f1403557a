package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All series: in memory, since every sample that comes or goes asks for its own. Not safe for use by several threads;
 * changes are kept by {@link #committed} or taken back by {@link #rolledBack}.
 */
final class SeriesTable {
    /** More origins than this come from a label that changes all the time; the cache starts afresh. */
    private static final int MOST_ORIGINS = 16;

    private record Origin(String deviceId, SortedMap<String, String> labels) {}

    private record Point(Metric metric, List<String> tagValues) {}

    /** The points of one device with one set of labels, and the ids of their series. */
    static final class Points {
        private final Map<Point, Integer> ids = new HashMap<>();
    }

    private final PreparedStatement find;
    private final PreparedStatement insert;
    private final PreparedStatement update;
    private final PreparedStatement remove;
    private final Map<Origin, Points> known = new HashMap<>();

    /** What the transaction that is under way changed, as it was before; null where nothing was. */
    private final Map<Integer, @Nullable StoredSeries> before = new LinkedHashMap<>();

    private @Nullable StoredSeries[] byId = new StoredSeries[64];

    private int nextId = 1;

    /** By id: at or after the newest sample. */
    private long[] lastSeen = new long[64];

    SeriesTable(Database database) throws SQLException, IOException {
        find = database.prepare("SELECT id FROM series WHERE key = ?");
        insert = database.prepare("INSERT INTO series(id, name, device_id, tags, value_type, kind, unit, priority, key)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        update = database.prepare("UPDATE series SET kind = ?, unit = ?, priority = ? WHERE id = ?");
        remove = database.prepare("DELETE FROM series WHERE id = ?");
        try (ResultSet all = database.prepare("SELECT " + StoredSeries.COLUMNS + " FROM series")
                .executeQuery()) {
            while (all.next()) {
                put(StoredSeries.read(all));
            }
        }
    }

    /** The series with this id. */
    StoredSeries get(int id) {
        StoredSeries series = id < byId.length ? byId[id] : null;
        if (series == null) {
            throw new IllegalStateException("Samples refer to series " + id + ", which the table of series lacks");
        }
        return series;
    }

    /** Above every id. */
    int idLimit() {
        return byId.length;
    }

    /** Whether a numeric series has this priority level. */
    boolean hasNumbers(int level) {
        for (StoredSeries series : byId) {
            if (series != null && !series.isText() && series.level() == level) {
                return true;
            }
        }
        return false;
    }

    /** The points of the device and labels of a batch, for {@link #idOf}. */
    Points pointsOf(SampleBatch batch) {
        if (known.size() > MOST_ORIGINS) {
            known.clear();
        }
        return known.computeIfAbsent(new Origin(batch.deviceId(), batch.labels()), origin -> new Points());
    }

    /**
     * The id of a sample's series, which is created if it is new, and changed if it comes with another priority, kind or
     * unit.
     */
    int idOf(SampleBatch batch, Sample sample, Points points) throws SQLException {
        Point point = new Point(sample.metric(), sample.tagValues());
        Integer id = points.ids.get(point);
        if (id == null) {
            id = findOrCreate(seriesOf(batch, sample));
            points.ids.put(point, id);
        }
        StoredSeries stored = get(id);
        Metric metric = sample.metric();
        Series series = stored.series();
        if (series.priority() != batch.priority() || series.kind() != metric.kind() || series.unit() != metric.unit()) {
            change(stored, metric.kind(), metric.unit(), batch.priority());
        }
        return id;
    }

    /** A series has a sample at this time. Not undone by a rollback: later than true is harmless. */
    void seen(int id, long timestamp) {
        lastSeen[id] = Math.max(lastSeen[id], timestamp);
    }

    /** No series that is known so far has a sample after this time. */
    void allSeen(long timestamp) {
        Arrays.fill(lastSeen, timestamp);
    }

    /** Removes the series that were last seen before a time; returns how many. */
    int removeUnused(long timestamp) throws SQLException {
        int count = 0;
        for (int id = 0; id < byId.length; id++) {
            StoredSeries unused = byId[id];
            if (unused != null && lastSeen[id] < timestamp) {
                remove.setInt(1, id);
                remove.executeUpdate();
                before.put(id, unused);
                byId[id] = null;
                count++;
            }
        }
        if (count > 0) {
            known.clear();
        }
        return count;
    }

    /** The id of a series, which is created if it is new, and else stays as it is. */
    int idOf(Series series) throws SQLException {
        return findOrCreate(series);
    }

    /** Series that this transaction changed or created, as they were before; null where they were not. */
    Map<Integer, @Nullable StoredSeries> changed() {
        return before;
    }

    void committed() {
        before.clear();
    }

    void rolledBack() {
        if (!before.isEmpty()) {
            before.forEach((id, series) -> byId[id] = series);
            before.clear();
            known.clear();
        }
    }

    private int findOrCreate(Series series) throws SQLException {
        boolean text = series.kind() == Kind.TEXT;
        byte[] key = CanonicalJson.keyOf(series, text);
        find.setBytes(1, key);
        try (ResultSet found = find.executeQuery()) {
            if (found.next()) {
                return found.getInt(1);
            }
        }
        // Not the id of a series that was removed: someone may be reading the samples of before.
        int id = nextId++;
        insert.setInt(1, id);
        insert.setString(2, series.name());
        insert.setString(3, series.deviceId());
        insert.setString(4, CanonicalJson.write(series.tags()));
        insert.setInt(5, text ? 1 : 0);
        insert.setString(6, series.kind().name());
        insert.setString(7, series.unit().name());
        insert.setInt(8, series.priority().level());
        insert.setBytes(9, key);
        insert.executeUpdate();
        before.put(id, null);
        put(new StoredSeries(id, series));
        return id;
    }

    private void change(StoredSeries stored, Kind kind, Unit unit, Priority priority) throws SQLException {
        update.setString(1, kind.name());
        update.setString(2, unit.name());
        update.setInt(3, priority.level());
        update.setInt(4, stored.id());
        update.executeUpdate();
        if (!before.containsKey(stored.id())) {
            before.put(stored.id(), stored);
        }
        Series series = stored.series();
        put(new StoredSeries(
                stored.id(), new Series(series.name(), kind, unit, series.deviceId(), series.tags(), priority)));
    }

    private void put(StoredSeries series) {
        if (series.id() >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(series.id() + 1, byId.length * 2));
            lastSeen = Arrays.copyOf(lastSeen, byId.length);
        }
        byId[series.id()] = series;
        nextId = Math.max(nextId, series.id() + 1);
    }

    private static Series seriesOf(SampleBatch batch, Sample sample) {
        Metric metric = sample.metric();
        SortedMap<String, String> tags = new TreeMap<>(batch.labels());
        for (int i = 0; i < metric.tags().size(); i++) {
            tags.put(metric.tags().get(i), sample.tagValues().get(i));
        }
        return new Series(metric.name(), metric.kind(), metric.unit(), batch.deviceId(), tags, batch.priority());
    }
}
