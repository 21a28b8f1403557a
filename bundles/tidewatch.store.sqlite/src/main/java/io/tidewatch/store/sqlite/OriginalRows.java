package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the rows of the original agent's table {@code metrics}, a bounded number at a time.
 *
 * <p>What was uploaded becomes a range of time per priority, with exceptions. The original gives each row a priority and
 * we give one to each series: that of its first row, until the first sample of the live collector brings its own.
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
     * @param damage why rows could not be read; null if all could be
     */
    record Counts(
            long rows,
            long samples,
            long pending,
            long duplicates,
            long unusable,
            int series,
            @Nullable SQLException damage) {}

    private record Key(String name, String device, @Nullable String tags, boolean text) {}

    private record Point(int series, int level) {}

    private static final Logger LOG = LoggerFactory.getLogger(OriginalRows.class);
    private static final int LEVELS = Priority.values().length;
    private static final long LOG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

    private final Connection source;
    private final Database target;
    private final int rowsPerStep;
    private final OriginalMigration.Step step;
    private final SeriesTable series;
    private final SampleTable samples;
    private final DeliveryTables tables;

    private final Map<Key, Point> points = new HashMap<>();
    private long[] deliveredBefore = new long[LEVELS];
    private long rows;
    private long stored;
    private long pending;
    private long duplicates;
    private long unusable;
    private long logged = System.nanoTime();

    OriginalRows(Connection source, Database target, int rowsPerStep, OriginalMigration.Step step)
            throws SQLException, IOException {
        this.source = source;
        this.target = target;
        this.rowsPerStep = rowsPerStep;
        this.step = step;
        series = new SeriesTable(target, SeriesLimit.none());
        samples = new SampleTable(target);
        tables = new DeliveryTables(target);
    }

    /** Copies all rows that can be read. */
    Counts copy() throws SQLException, IOException {
        deliveredBefore = findDelivered();
        target.begin();
        for (int level = 0; level < LEVELS; level++) {
            if (deliveredBefore[level] > 0) {
                tables.replace(level, DeliveredRanges.NONE, DeliveredRanges.NONE.plus(0, deliveredBefore[level] - 1));
            }
        }
        try (OriginalCursor cursor = new OriginalCursor(source)) {
            while (cursor.next()) {
                copy(cursor.row());
                if (++rows % rowsPerStep == 0) {
                    nextTransaction();
                }
            }
            nextTransaction();
            target.commit();
            int distinct = (int) points.values().stream().distinct().count();
            return new Counts(rows, stored, pending, duplicates, unusable, distinct, cursor.damage());
        }
    }

    private void nextTransaction() throws SQLException, IOException {
        target.commit();
        series.committed();
        step.done();
        target.begin();
        if (System.nanoTime() - logged > LOG_EVERY_NANOS) {
            logged = System.nanoTime();
            LOG.info("{} rows are migrated so far", rows);
        }
    }

    private void copy(ResultSet row) throws SQLException {
        String name = row.getString(OriginalCursor.NAME);
        boolean text = row.getBoolean(OriginalCursor.IS_TEXT);
        long timestamp = timestamp(row);
        double value = row.getDouble(OriginalCursor.VALUE);
        boolean valued = text || (!row.wasNull() && Double.isFinite(value));
        if (timestamp < 0 || name == null || name.isEmpty() || !valued) {
            unusable++;
            return;
        }
        Point point = pointOf(name, text, row);
        boolean isPending = row.getInt(OriginalCursor.UPLOADED) == 0;
        boolean inRange = timestamp < deliveredBefore[point.level()];
        if (!samples.insert(timestamp, point.series(), value, text ? row.getString(OriginalCursor.TEXT) : null)) {
            duplicates++;
            if (!text && !isPending && markDelivered(timestamp, point.series(), inRange)) {
                pending--;
            }
            return;
        }
        stored++;
        if (text) {
            return;
        }
        if (isPending) {
            pending++;
        }
        if (isPending == inRange) {
            tables.putException(timestamp, point.series(), isPending);
        }
    }

    /** One row of a point says that the server has it; tells whether the others did not. */
    private boolean markDelivered(long timestamp, int id, boolean inRange) throws SQLException {
        return inRange ? tables.removeException(timestamp, id) : tables.addException(timestamp, id, false);
    }

    private Point pointOf(String name, boolean text, ResultSet row) throws SQLException {
        String device = row.getString(OriginalCursor.DEVICE);
        Key key = new Key(
                name,
                device == null || device.isEmpty() ? "unknown" : device,
                row.getString(OriginalCursor.TAGS),
                text);
        Point point = points.get(key);
        if (point == null) {
            int id = series.idOf(seriesOf(key, Priority.ofLevel(level(row))));
            // Tags that differ in their spelling only are one series.
            point = new Point(id, series.get(id).level());
            points.put(key, point);
        }
        return point;
    }

    /**
     * By priority, the time before which everything is declared delivered: where the fewest samples say otherwise, if
     * the rows are in the order of time; where a few are not, they are exceptions more.
     */
    private long[] findDelivered() throws SQLException {
        long[] best = new long[LEVELS];
        long[] balance = new long[LEVELS];
        long[] lowest = new long[LEVELS];
        try (OriginalCursor cursor = new OriginalCursor(source)) {
            while (cursor.next()) {
                ResultSet row = cursor.row();
                long timestamp = timestamp(row);
                if (timestamp < 0 || row.getBoolean(OriginalCursor.IS_TEXT)) {
                    continue;
                }
                int level = level(row);
                balance[level] += row.getInt(OriginalCursor.UPLOADED) == 0 ? 1 : -1;
                if (balance[level] < lowest[level]) {
                    lowest[level] = balance[level];
                    best[level] = timestamp + 1;
                }
            }
        }
        return best;
    }

    private static int level(ResultSet row) throws SQLException {
        return Math.max(0, Math.min(LEVELS - 1, row.getInt(OriginalCursor.PRIORITY)));
    }

    /** The time of a row; -1 if it is none that a sample can have. */
    private static long timestamp(ResultSet row) throws SQLException {
        long timestamp = row.getLong(OriginalCursor.TIMESTAMP);
        return row.wasNull() || timestamp < 0 || timestamp >= DeliveryState.END ? -1 : timestamp;
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
