package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The series that a database has at one moment, and which of them are wanted. */
final class SeriesCatalogue {
    private @Nullable StoredSeries[] byId = new StoredSeries[64];
    private int wanted;
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
                    catalogue.put(series);
                }
            }
        }
        return catalogue;
    }

    /** The wanted series with this id; null if it is not wanted, or was not there. */
    @Nullable
    StoredSeries get(int id) {
        return id < byId.length ? byId[id] : null;
    }

    /** Above every id. */
    int idLimit() {
        return byId.length;
    }

    /** Whether no series is wanted. */
    boolean isEmpty() {
        return wanted == 0;
    }

    /** The ids of the wanted series as a JSON array; null if all are wanted. */
    @Nullable
    String idsAsJson() {
        if (wanted == all) {
            return null;
        }
        StringBuilder ids = new StringBuilder("[");
        for (StoredSeries series : byId) {
            if (series != null) {
                ids.append(ids.length() == 1 ? "" : ",").append(series.id());
            }
        }
        return ids.append(']').toString();
    }

    private void put(StoredSeries series) {
        if (series.id() >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(series.id() + 1, byId.length * 2));
        }
        byId[series.id()] = series;
        wanted++;
    }
}
