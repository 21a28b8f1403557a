package io.tidewatch.api.store;

import java.time.Instant;
import java.util.Optional;

/**
 * The store in figures.
 *
 * @param databaseSizeBytes size of the database file, without its write-ahead log
 * @param walSizeBytes size of the write-ahead log
 * @param pendingSamples samples that wait for delivery; texts never do
 * @param oldestPending time of the oldest of them, at or before its real time (a bound is enough)
 * @param quarantinedSamples samples that a server refused for good, kept with their reason
 */
public record StoreStatus(
        long databaseSizeBytes,
        long walSizeBytes,
        long pendingSamples,
        Optional<Instant> oldestPending,
        long quarantinedSamples) {}
