package io.tidewatch.store.sqlite.tables;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * All series: in memory, since every sample that comes or goes asks for its own. Changes are kept by {@link #committed} or
 * taken back by {@link #rolledBack}.
 *
 * <p>Their number is bounded: a tag that changes all the time would fill the heap. One metric gets half of the bound at
 * most, so that it does not keep others out.
 */
public final class SeriesTable {
    /** No series: there are too many of this metric, or of all. */
    public static final int TOO_MANY = -1;

    /** No series. */
    public static final int NONE = 0;

    /** More origins than this come from a label that changes all the time; the cache starts afresh. */
    private static final int MOST_ORIGINS = 16;

    private record Origin(String deviceId, SortedMap<String, String> labels) {}

    private record Point(Metric metric, List<String> tagValues) {}

    /** The points of one device with one set of labels, and the ids of their series. */
    private static final class Points {
        private final Map<Point, Integer> ids = new HashMap<>();

        /** By the first point, since collectors give their samples in the same order each time. */
        private final Map<Point, Pass> last = new HashMap<>();
    }

    /** The samples of a batch and the ids of their series, which are right until a series changes. */
    private static final class Pass {
        private final List<Sample> samples;
        private final int[] ids;
        private final Priority priority;
        private final long changes;

        Pass(List<Sample> samples, int[] ids, Priority priority, long changes) {
            this.samples = samples;
            this.ids = ids;
            this.priority = priority;
            this.changes = changes;
        }
    }

    private final Database database;
    private final Map<Origin, Points> known = new HashMap<>();

    /** By id, in the order of their ids. */
    private final Map<Integer, StoredSeries> byId = new LinkedHashMap<>();

    private final SeriesLimit limit;

    /** The previous values of what the open transaction changed; null where there was none. */
    private final Map<Integer, @Nullable StoredSeries> before = new LinkedHashMap<>();

    private int nextId = 1;

    /** How often a series that was there has changed or gone. */
    private long changes;

    /** @throws SQLException also if the table holds what this store does not write */
    public SeriesTable(Database database, SeriesLimit limit) throws SQLException {
        this.database = database;
        this.limit = limit;
        Sql.each(database.sql(StoredSeries.ALL + " ORDER BY id").query(), row -> put(StoredSeries.read(row)));
    }

    /** @throws SQLException if there is no series with this id: the file is damaged */
    public StoredSeries get(int id) throws SQLException {
        StoredSeries series = byId.get(id);
        if (series == null) {
            throw Failures.damagedContent("passes refer to series " + id + ", which the table of series lacks");
        }
        return series;
    }

    /**
     * The ids of the series of a batch, in its order: {@link #NONE} for a sample that cannot be stored, {@link #TOO_MANY} for
     * one whose series there is no room for. A series is created if it is new, and changed if it comes with another priority,
     * kind or unit.
     */
    public int[] idsOf(SampleBatch batch) throws SQLException {
        List<Sample> samples = batch.samples();
        int[] ids = new int[samples.size()];
        if (ids.length == 0) {
            return ids;
        }
        if (known.size() > MOST_ORIGINS) {
            known.clear();
        }
        Points points = known.computeIfAbsent(new Origin(batch.deviceId(), batch.labels()), origin -> new Points());
        Point first = new Point(samples.get(0).metric(), samples.get(0).tagValues());
        Pass last = points.last.get(first);
        if (last != null && (last.changes != changes || last.priority != batch.priority())) {
            last = null;
        }
        boolean all = last != null && last.samples.size() == ids.length;
        for (int i = 0; i < ids.length; i++) {
            Sample sample = samples.get(i);
            if (!SampleArray.isStorable(sample)) {
                ids[i] = NONE;
            } else if (last != null && i < last.ids.length && isSame(last.samples.get(i), sample) && last.ids[i] > 0) {
                ids[i] = last.ids[i];
            } else {
                ids[i] = idOf(batch, sample, points);
                all = false;
            }
        }
        if (!all) {
            points.last.put(first, new Pass(samples, ids.clone(), batch.priority(), changes));
        }
        return ids;
    }

    private static boolean isSame(Sample one, Sample other) {
        return one.metric().equals(other.metric()) && one.tagValues().equals(other.tagValues());
    }

    private int idOf(SampleBatch batch, Sample sample, Points points) throws SQLException {
        Point point = new Point(sample.metric(), sample.tagValues());
        Integer id = points.ids.get(point);
        if (id == null) {
            id = idOf(StoredSeries.of(
                    sample.metric(), sample.tagValues(), batch.deviceId(), batch.labels(), batch.priority()));
            if (id == TOO_MANY) {
                return TOO_MANY;
            }
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

    public void retain(Set<Integer> used) throws SQLException {
        List<StoredSeries> unused = byId.values().stream()
                .filter(series -> !used.contains(series.id()))
                .toList();
        for (StoredSeries series : unused) {
            database.sql("DELETE FROM series WHERE id = ?").update(series.id());
            before.put(series.id(), series);
            take(series.id());
        }
        if (!unused.isEmpty()) {
            known.clear();
        }
    }

    public void committed() {
        before.clear();
        limit.committed();
    }

    public void rolledBack() {
        limit.rolledBack();
        if (!before.isEmpty()) {
            before.forEach((id, series) -> {
                take(id);
                if (series != null) {
                    put(series);
                }
            });
            before.clear();
            known.clear();
        }
    }

    /** The id of a series, which is created if it is new and there is room ({@link #TOO_MANY}), and else stays as it is. */
    public int idOf(Series series) throws SQLException {
        boolean text = series.kind() == Kind.TEXT;
        byte[] key = CanonicalJson.keyOf(series, text);
        int known = (int) database.sql("SELECT id FROM series WHERE key = ?").number(key);
        if (known != NONE) {
            return known;
        }
        if (!limit.admits(series.name())) {
            return TOO_MANY;
        }
        // Not the id of a series that was removed: someone may be reading the samples of before.
        int id = nextId++;
        database.sql("INSERT INTO series(id, name, device_id, tags, value_type, kind, unit, priority, key)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .update(
                        id,
                        series.name(),
                        series.deviceId(),
                        CanonicalJson.write(series.tags()),
                        text ? 1 : 0,
                        series.kind().name(),
                        series.unit().name(),
                        series.priority().level(),
                        key);
        before.put(id, null);
        put(new StoredSeries(id, series));
        return id;
    }

    private void change(StoredSeries stored, Kind kind, Unit unit, Priority priority) throws SQLException {
        database.sql("UPDATE series SET kind = ?, unit = ?, priority = ? WHERE id = ?")
                .update(kind.name(), unit.name(), priority.level(), stored.id());
        before.putIfAbsent(stored.id(), stored);
        changes++;
        Series series = stored.series();
        put(new StoredSeries(
                stored.id(), new Series(series.name(), kind, unit, series.deviceId(), series.tags(), priority)));
    }

    private void put(StoredSeries series) {
        if (byId.put(series.id(), series) == null) {
            limit.added(series.series().name());
        }
        nextId = Math.max(nextId, series.id() + 1);
    }

    private void take(int id) {
        StoredSeries old = byId.remove(id);
        if (old != null) {
            limit.removed(old.series().name());
        }
    }
}
