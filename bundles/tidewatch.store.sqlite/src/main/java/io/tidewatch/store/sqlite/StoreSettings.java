package io.tidewatch.store.sqlite;

import java.time.Duration;

/**
 * How the store works, as configured.
 *
 * @param commitDelay how long an append waits for others to share its transaction; zero: not at all
 * @param syncInterval the most that a power cut may cost
 * @param checkpointInterval time between two cuts of the write-ahead log
 * @param checkpointSize size in bytes over which the write-ahead log is cut at once
 * @param bounds how much is kept
 */
record StoreSettings(
        Duration commitDelay, Duration syncInterval, Duration checkpointInterval, long checkpointSize, Bounds bounds) {
    static final StoreSettings DEFAULTS =
            new StoreSettings(Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofHours(1), 64L << 20);

    /** With the default bounds. */
    StoreSettings(Duration commitDelay, Duration syncInterval, Duration checkpointInterval, long checkpointSize) {
        this(commitDelay, syncInterval, checkpointInterval, checkpointSize, Bounds.DEFAULTS);
    }
}
