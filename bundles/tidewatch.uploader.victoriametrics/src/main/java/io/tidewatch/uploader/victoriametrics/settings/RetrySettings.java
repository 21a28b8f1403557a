package io.tidewatch.uploader.victoriametrics.settings;

import java.time.Duration;

/**
 * How often, and how fast, a chunk is tried again within one cycle.
 *
 * @param attempts per cycle, the first included; 1 where retries are off. {@link UploaderConfig} describes the others
 */
public record RetrySettings(
        int attempts, Duration initialBackoff, Duration maxBackoff, int multiplier, int jitterPercent) {}
