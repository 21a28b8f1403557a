package io.tidewatch.collector.oshi;

import oshi.hardware.CentralProcessor.TickType;

/**
 * What a core did between two readings of its ticks.
 *
 * @param total ticks of any kind; 0 if the readings cannot be compared
 * @param idle ticks idle without a disk request open
 * @param iowait ticks idle with one
 */
record CpuShare(long total, long idle, long iowait) {
    private static final CpuShare UNKNOWN = new CpuShare(0, 0, 0);

    /**
     * Compares two readings, indexed by {@link TickType}; unknown if one is missing, nothing happened, or a counter
     * went back.
     */
    static CpuShare between(long[] earlier, long[] later) {
        if (later.length == 0 || earlier.length != later.length) {
            return UNKNOWN;
        }
        long total = 0;
        for (int i = 0; i < later.length; i++) {
            long ticks = later[i] - earlier[i];
            if (ticks < 0) {
                return UNKNOWN;
            }
            total += ticks;
        }
        return new CpuShare(
                total,
                later[TickType.IDLE.getIndex()] - earlier[TickType.IDLE.getIndex()],
                later[TickType.IOWAIT.getIndex()] - earlier[TickType.IOWAIT.getIndex()]);
    }

    boolean isKnown() {
        return total > 0;
    }

    /** Neither idle nor waiting for a disk. */
    double busyPercent() {
        return percent(total - idle - iowait);
    }

    double iowaitPercent() {
        return percent(iowait);
    }

    /** Rounded to hundredths, as the collector on /proc does. */
    private double percent(long part) {
        return Math.round(10_000.0 * part / total) / 100.0;
    }
}
