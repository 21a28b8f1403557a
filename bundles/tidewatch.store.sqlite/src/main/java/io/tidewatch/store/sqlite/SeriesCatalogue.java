package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The series that a database has at one moment, and which of them are wanted. */
final class SeriesCatalogue {
    private final Map<Integer, StoredSeries> byId = new LinkedHashMap<>();
    private int all;

    private SeriesCatalogue() {}

    /** Reads all series that are wanted. */
    static SeriesCatalogue read(ReadOnlyDatabase database, Predicate<Series> isWanted) throws StoreException {
        return database.read(connection -> read(connection, isWanted));
    }

    private static SeriesCatalogue read(Connection connection, Predicate<Series> isWanted)
            throws SQLException, IOException {
        SeriesCatalogue catalogue = new SeriesCatalogue();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + StoredSeries.COLUMNS + " FROM series")) {
            while (rows.next()) {
                StoredSeries series = StoredSeries.read(rows);
                catalogue.all++;
                if (isWanted.test(series.series())) {
                    catalogue.byId.put(series.id(), series);
                }
            }
        }
        return catalogue;
    }

    /** The wanted series with this id; null if it is not wanted, or was not there. */
    @Nullable
    StoredSeries get(int id) {
        return byId.get(id);
    }

    /** The wanted series. */
    Collection<StoredSeries> all() {
        return byId.values();
    }

    /** Whether no series is wanted. */
    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** The ids of the wanted series as a JSON array; null if all are wanted. */
    @Nullable
    String idsAsJson() {
        if (byId.size() == all) {
            return null;
        }
        StringBuilder ids = new StringBuilder("[");
        for (int id : byId.keySet()) {
            ids.append(ids.length() == 1 ? "" : ",").append(id);
        }
        return ids.append(']').toString();
    }
}
