package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.tables.Layout;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The series that a database has at one moment, and which of them are wanted. */
public final class SeriesCatalogue {
    private final Map<Integer, StoredSeries> byId = new LinkedHashMap<>();
    /** By layout the series of each column, null for one that is not wanted. */
    private final Map<Integer, @Nullable StoredSeries[]> layouts = new HashMap<>();

    public static SeriesCatalogue read(ReadOnlyDatabase database, Predicate<Series> isWanted) throws StoreException {
        return database.read(connection -> new SeriesCatalogue(connection, isWanted));
    }

    private SeriesCatalogue(Connection connection, Predicate<Series> isWanted) throws SQLException {
        StoredSeries.each(connection, series -> {
            if (isWanted.test(series.series())) {
                byId.put(series.id(), series);
            }
        });
        Layout.each(connection, layout -> {
            @Nullable StoredSeries[] columns = new StoredSeries[layout.size()];
            Arrays.setAll(columns, i -> byId.get(layout.series()[i]));
            if (Arrays.stream(columns).anyMatch(Objects::nonNull)) {
                layouts.put(layout.id(), columns);
            }
        });
    }

    public Collection<StoredSeries> all() {
        return byId.values();
    }

    /**
     * The series of each column of a layout, null for one that is not wanted; not to be changed.
     *
     * @return null if it has no wanted series, or was not there
     */
    @Nullable
    StoredSeries @Nullable [] columns(int layout) {
        return layouts.get(layout);
    }
}
