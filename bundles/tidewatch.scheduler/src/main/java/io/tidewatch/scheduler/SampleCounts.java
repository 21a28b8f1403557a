package io.tidewatch.scheduler;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of a collector's samples since the scheduler started. A pass that failed before it had samples counts as
 * one failed. Safe for use by several threads.
 */
final class SampleCounts {
    private long collected;
    private final Map<String, Long> failed = new TreeMap<>();

    synchronized void collected(int samples) {
        collected += samples;
    }

    synchronized void failed(String reason, int count) {
        failed.merge(reason, (long) count, Long::sum);
    }

    synchronized long collectedTotal() {
        return collected;
    }

    synchronized long failedTotal() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized Map<String, Long> failedByReason() {
        return Map.copyOf(failed);
    }
}
