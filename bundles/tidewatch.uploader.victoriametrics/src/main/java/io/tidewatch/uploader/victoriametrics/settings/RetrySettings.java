package io.tidewatch.uploader.victoriametrics.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How often, and how fast, a chunk is tried again within one cycle.
 *
 * @param attempts per cycle, the first included; 1 where retries are off. {@link UploaderConfig} describes the others
 */
public record RetrySettings(
        int attempts, Duration initialBackoff, Duration maxBackoff, int multiplier, int jitterPercent) {
    /**
     * The wait after a failed attempt: initial x multiplier^(attempt-1) up to the maximum, with jitter, so that it is never
     * the same for two devices, or what the server asks for if that is longer.
     *
     * @param attempt number of the attempt that failed, from 1
     */
    public Duration backoff(int attempt, Optional<Duration> retryAfter, RandomGenerator random) {
        double nanos = initialBackoff.toNanos() * Math.pow(multiplier, attempt - 1);
        double bounded = Math.min(nanos, (double) maxBackoff.toNanos());
        Duration wait = jittered(Duration.ofNanos((long) bounded), jitterPercent, random);
        return retryAfter.filter(asked -> asked.compareTo(wait) > 0).orElse(wait);
    }

    /** A duration that is longer or shorter by up to {@code percent}. */
    public static Duration jittered(Duration duration, int percent, RandomGenerator random) {
        double factor = 1 + (2 * random.nextDouble() - 1) * percent / 100;
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
