package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.tables.Layout;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.SampleArray;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds rows that no store writes: damage that SQLite's own checks do not see. */
public final class ContentCheck {
    private static final String BAD_RANGES =
            "SELECT 1 FROM delivered WHERE priority NOT BETWEEN 0 AND 3 OR first_seq < 0"
                    + " OR last_seq < first_seq OR typeof(last_seq) <> 'integer' OR last_seq > " + PassRow.LARGEST_SEQ
                    + " LIMIT 1";

    private static final String PASSES = "SELECT seq, layout, numbers, texts, samples, time_ms, priority FROM pass";

    private ContentCheck() {}

    /** What rows there are that no store writes; null if there are none. */
    public static @Nullable String problemOf(Connection connection, boolean thoroughly) throws SQLException {
        Map<Integer, Boolean> isText = new HashMap<>();
        StoredSeries.each(connection, series -> isText.put(series.id(), series.isText()));
        if (Sql.number(connection, BAD_RANGES) > 0) {
            return "the delivered ranges are not what a store writes";
        }
        Map<Integer, Layout> layouts = new HashMap<>();
        Layout.each(connection, layout -> layouts.put(layout.id(), layout));
        return thoroughly ? problemOfPasses(connection, layouts, isText) : null;
    }

    private static @Nullable String problemOfPasses(
            Connection connection, Map<Integer, Layout> layouts, Map<Integer, Boolean> isText) throws SQLException {
        SampleArray array = new SampleArray();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(PASSES)) {
            while (rows.next()) {
                Layout layout = layouts.get(rows.getInt(2));
                if (layout == null) {
                    return "passes have no layout";
                }
                array.read(rows.getBytes(5), layout.size(), rows.getLong(1));
                for (int column = 0; column < layout.size(); column++) {
                    if (array.has(column)
                            && !Boolean.valueOf(array.isText(column)).equals(isText.get(layout.series()[column]))) {
                        return "samples have no series, or a value of another type than their series";
                    }
                }
                if (array.numbers() != rows.getInt(3)
                        || array.texts() != rows.getInt(4)
                        || !PassRow.isPossible(rows.getLong(1), rows.getLong(6))) {
                    return "passes are not what a store writes";
                }
                if (rows.getInt(7) < 0 || rows.getInt(7) >= PassRow.LEVELS) {
                    return "passes have a priority that there is not";
                }
            }
            return null;
        }
    }
}
