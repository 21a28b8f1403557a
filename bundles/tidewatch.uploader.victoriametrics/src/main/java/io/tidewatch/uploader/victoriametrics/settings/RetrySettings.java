package io.tidewatch.uploader.victoriametrics.settings;

import java.time.Duration;

/**
 * How often, and how fast, a chunk is tried again within one cycle.
 *
 * @param enabled false: one attempt per cycle
 * @param maxAttempts attempts per cycle, the first included
 * @param initialBackoff wait after the first failure
 * @param maxBackoff the longest wait
 * @param multiplier each wait is so many times the one before
 * @param jitterPercent each wait is longer or shorter by up to this much
 */
public record RetrySettings(
        boolean enabled,
        int maxAttempts,
        Duration initialBackoff,
        Duration maxBackoff,
        int multiplier,
        int jitterPercent) {
    /** Attempts per cycle. */
    public int attempts() {
        return enabled ? maxAttempts : 1;
    }
}
