package io.tidewatch.store.sqlite.db;

import java.time.Duration;

/**
 * How much a store keeps.
 *
 * @param historyRetention age up to which delivered samples and texts are kept
 * @param pendingRetention age up to which samples that were never delivered are kept
 * @param maxSize bytes that the store may take, write-ahead log included
 * @param minFree bytes that the store leaves free on its file system; 0: it does not look
 * @param interval time between two looks
 */
public record Bounds(
        Duration historyRetention, Duration pendingRetention, long maxSize, long minFree, Duration interval) {
    public static final Bounds DEFAULTS =
            new Bounds(Duration.ofDays(2), Duration.ofDays(30), 500L << 20, 64L << 20, Duration.ofMinutes(1));
}
