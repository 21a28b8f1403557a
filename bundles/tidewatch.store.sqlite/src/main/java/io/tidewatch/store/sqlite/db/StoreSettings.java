package io.tidewatch.store.sqlite.db;

import java.time.Duration;

/**
 * How the store works, as configured.
 *
 * @param commitDelay how long an append waits for others to share its transaction; zero: not at all
 * @param syncInterval the most that a power cut may cost
 * @param checkpointInterval time between two checkpoints
 * @param checkpointSize size in bytes over which the write-ahead log is truncated at once
 * @param maxSeries how many series there may be
 * @param bounds how much is kept
 */
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
