package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Stores as tests want them: no delay of commits, no timer that fires during a test. */
final class TestStores {
    static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20);

    /** When the agent was built. */
    static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    private TestStores() {}

    static SqliteStore open(Path file, Clock clock) throws StoreException {
        return StoreOpening.open(place(file), SETTINGS, clock);
    }

    /** The real surroundings, but for the free space. */
    static Platform platform(FreeSpace freeSpace) {
        return new Platform(
                Platform.REAL.connector(),
                Platform.REAL.sync(),
                freeSpace,
                Platform.REAL.timer(),
                Platform.REAL.nanoTime());
    }

    /** The real surroundings, but for how a file is forced to the medium. */
    static Platform syncing(Platform.Sync sync) {
        return new Platform(
                Platform.REAL.connector(),
                sync,
                Platform.REAL.freeSpace(),
                Platform.REAL.timer(),
                Platform.REAL.nanoTime());
    }

    /** The real surroundings, but for the time that passes. */
    static Platform timed(LongSupplier nanoTime) {
        return new Platform(
                Platform.REAL.connector(),
                Platform.REAL.sync(),
                Platform.REAL.freeSpace(),
                Platform.REAL.timer(),
                nanoTime);
    }

    static SqliteStore open(Path file, StoreSettings settings, Clock clock, Platform platform) throws StoreException {
        return StoreOpening.open(place(file), settings, clock, platform, failure -> {});
    }

    static StorePlace place(Path file) {
        return new StorePlace(
                file,
                new Boot(file.resolveSibling("boot_id"), file.resolveSibling("uptime")),
                BUILT,
                UUID.randomUUID(),
                new TreeMap<>());
    }
}
