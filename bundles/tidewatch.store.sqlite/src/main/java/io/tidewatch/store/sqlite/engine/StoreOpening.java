package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.migration.Migration;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.Consumer;

/** Opens stores. */
public final class StoreOpening {
    private StoreOpening() {}

    /** Opens a store, creating the file if it is absent. */
    public static SqliteStore open(StorePlace place, StoreSettings settings, Clock clock) throws StoreException {
        return open(place, settings, clock, Platform.REAL, failure -> {});
    }

    /** @param onFailure receives failures of the store's own threads, perhaps with its lock held */
    public static SqliteStore open(
            StorePlace place,
            StoreSettings settings,
            Clock clock,
            Platform platform,
            Consumer<StoreException> onFailure)
            throws StoreException {
        try {
            Migration.runIfNeeded(place.file(), clock.millis(), platform);
            Database database = Database.open(place.file(), clock.millis(), platform);
            try {
                return new SqliteStore(database, place, settings, clock, platform, onFailure);
            } catch (Throwable e) {
                database.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            throw Failures.of("Opening the store", place.file(), e);
        }
    }
}
