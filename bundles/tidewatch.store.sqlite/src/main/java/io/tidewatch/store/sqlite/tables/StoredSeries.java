package io.tidewatch.store.sqlite.tables;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A series and the number that its samples are stored under. */
public record StoredSeries(int id, Series series) {
    /** All rows of the table, for {@link #read}. */
    static final String ALL = "SELECT id, name, kind, unit, device_id, tags, priority, value_type FROM series";

    /** Ids count up from 1. One of more than this was not given by a store. */
    public static final long LARGEST_ID = Integer.MAX_VALUE - (1 << 20);

    /** @throws SQLException also if a row holds what no store writes */
    public static void each(Connection connection, Consumer<StoredSeries> taker) throws SQLException {
        Sql.each(connection, ALL, row -> taker.accept(read(row)));
    }

    static StoredSeries read(ResultSet row) throws SQLException {
        long id = row.getLong(1);
        try {
            if (id < 1 || id > LARGEST_ID) {
                throw new IOException("ids are 1 to " + LARGEST_ID);
            }
            StoredSeries series = new StoredSeries(
                    (int) id,
                    new Series(
                            row.getString(2),
                            Kind.valueOf(row.getString(3)),
                            Unit.valueOf(row.getString(4)),
                            row.getString(5),
                            CanonicalJson.read(row.getString(6)),
                            Priority.ofLevel(row.getInt(7))));
            if (series.isText() != (row.getInt(8) == 1)) {
                throw new IOException("its kind is no kind of its type of value");
            }
            return series;
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            // The table allows no NULL, but a damaged page may have one.
            throw Failures.damagedContent("series " + id + " cannot be used: " + e.getMessage());
        }
    }

    /** The series of the samples of a metric. */
    public static Series of(
            Metric metric,
            List<String> tagValues,
            String deviceId,
            SortedMap<String, String> labels,
            Priority priority) {
        SortedMap<String, String> tags = new TreeMap<>(labels);
        for (int i = 0; i < tagValues.size(); i++) {
            tags.put(metric.tags().get(i), tagValues.get(i));
        }
        return new Series(metric.name(), metric.kind(), metric.unit(), deviceId, tags, priority);
    }

    /** Texts are kept and never pending. */
    public boolean isText() {
        return series.kind() == Kind.TEXT;
    }

    /** 0 (critical) to 3 (low). */
    public int level() {
        return series.priority().level();
    }
}
