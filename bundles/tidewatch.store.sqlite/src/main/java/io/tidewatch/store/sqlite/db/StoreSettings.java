package io.tidewatch.store.sqlite.db;

import java.time.Duration;

/** How the store works, as configured; docs/configuration.md describes the values. Sizes are in bytes. */
public record StoreSettings(
        Duration commitDelay,
        Duration syncInterval,
        Duration checkpointInterval,
        long checkpointSize,
        int maxSeries,
        Bounds bounds) {
    /** About a kilobyte of heap each. */
    public static final int MAX_SERIES = 10_000;

    public static final StoreSettings DEFAULTS =
            new StoreSettings(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofHours(1), 64L << 20);

    /** With the default bounds. */
    public StoreSettings(
            Duration commitDelay, Duration syncInterval, Duration checkpointInterval, long checkpointSize) {
        this(commitDelay, syncInterval, checkpointInterval, checkpointSize, MAX_SERIES, Bounds.DEFAULTS);
    }
}
