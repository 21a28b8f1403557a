package io.tidewatch.store.sqlite.db;

import java.time.Duration;

/**
 * How much a store keeps, as configured; docs/configuration.md describes the values. Sizes are in bytes.
 *
 * @param interval time between two looks
 */
public record Bounds(
        Duration historyRetention, Duration pendingRetention, long maxSize, long minFree, Duration interval) {
    public static final Bounds DEFAULTS =
            new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 64L << 20, Duration.ofMinutes(1));
}
