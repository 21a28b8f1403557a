package io.tidewatch.collector.oshi;

import oshi.hardware.CentralProcessor.TickType;

/**
 * @param total ticks of any kind between two readings; 0 if these cannot be compared
 * @param idle ticks idle without a disk request open
 * @param iowait ticks idle with one
 * @param steal ticks in which the host of a virtual machine ran others
 */
record CpuShare(long total, long idle, long iowait, long steal) {
    private static final CpuShare UNKNOWN = new CpuShare(0, 0, 0, 0);

    /**
     * Compares two readings, indexed by {@link TickType}; unknown if one is missing or nothing happened. A counter
     * that falls counts as 0.
     */
    static CpuShare between(long[] earlier, long[] later) {
        if (later.length == 0 || earlier.length != later.length) {
            return UNKNOWN;
        }
        long total = 0;
        for (int i = 0; i < later.length; i++) {
            total += progress(earlier, later, i);
        }
        return new CpuShare(
                total,
                progress(earlier, later, TickType.IDLE.getIndex()),
                progress(earlier, later, TickType.IOWAIT.getIndex()),
                progress(earlier, later, TickType.STEAL.getIndex()));
    }

    private static long progress(long[] earlier, long[] later, int field) {
        return Math.max(0, later[field] - earlier[field]);
    }

    boolean isKnown() {
        return total > 0;
    }

    /** Neither idle nor waiting for a disk. */
    double busyPercent() {
        return percent(total - idle - iowait);
    }

    /** Rounded to hundredths, as the collector on /proc does. */
    double percent(long part) {
        return Math.round(10_000.0 * part / total) / 100.0;
    }
}
