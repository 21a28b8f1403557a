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

    /** Samples that the store has committed. */
    synchronized void collected(int samples) {
        collected += samples;
    }

    /** Samples, or a pass, that were lost. */
    synchronized void failed(String reason, int count) {
        failed.merge(reason, (long) count, Long::sum);
    }

    /** Samples that the store has committed. */
    synchronized long collectedTotal() {
        return collected;
    }

    /** What was lost, for all reasons. */
    synchronized long failedTotal() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was lost, by reason. */
    synchronized Map<String, Long> failedByReason() {
        return Map.copyOf(failed);
    }
}
