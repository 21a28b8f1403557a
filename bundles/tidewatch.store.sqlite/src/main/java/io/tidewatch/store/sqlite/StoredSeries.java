package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A series and the number that its samples are stored under.
 *
 * @param id row id in the table of series
 * @param series the series with its current priority
 */
record StoredSeries(int id, Series series) {
    /** What {@link #read} expects of a row, in this order. */
    static final String COLUMNS = "id, name, kind, unit, device_id, tags, priority";

    /** Reads a row of the table. */
    static StoredSeries read(ResultSet row) throws SQLException, IOException {
        return new StoredSeries(
                row.getInt(1),
                new Series(
                        row.getString(2),
                        Kind.valueOf(row.getString(3)),
                        Unit.valueOf(row.getString(4)),
                        row.getString(5),
                        CanonicalJson.read(row.getString(6)),
                        Priority.ofLevel(row.getInt(7))));
    }

    /** Texts are kept and never pending. */
    boolean isText() {
        return series.kind() == Kind.TEXT;
    }

    /** 0 (critical) to 3 (low). */
    int level() {
        return series.priority().level();
    }
}
