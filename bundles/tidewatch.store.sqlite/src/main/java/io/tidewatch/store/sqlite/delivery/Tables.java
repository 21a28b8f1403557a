package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.SeriesLimit;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;

/** What is in the file and in memory, and changes in transactions. */
public record Tables(SeriesTable series, PassTable passes, DeliveryState deliveries) {
    public static Tables read(Database database, SeriesLimit limit) throws SQLException {
        return new Tables(new SeriesTable(database, limit), new PassTable(database), new DeliveryState(database));
    }
}
