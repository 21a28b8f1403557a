package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.TreeMap;

/** Stores as tests want them: no delay of commits, no timer that fires during a test. */
final class TestStores {
    static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20);

    private TestStores() {}

    static SqliteStore open(Path file, Clock clock) throws StoreException {
        return SqliteStore.open(place(file), SETTINGS, clock);
    }

    static SqliteStore.Place place(Path file) {
        return new SqliteStore.Place(file, file.resolveSibling("boot_id"), new TreeMap<>());
    }
}
