package io.tidewatch.uploader.victoriametrics.timing;

import io.tidewatch.uploader.victoriametrics.settings.RetrySettings;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait after a failed attempt: longer each time, never the same for two devices. */
public final class Backoff {
    private Backoff() {}

    /**
     * The wait after a failed attempt: initial x multiplier^(attempt-1) up to the maximum, with jitter, or what the
     * server asks for if that is longer.
     *
     * @param attempt number of the attempt that failed, from 1
     */
    public static Duration after(
            int attempt, Optional<Duration> retryAfter, RetrySettings settings, RandomGenerator random) {
        double nanos = settings.initialBackoff().toNanos() * Math.pow(settings.multiplier(), attempt - 1);
        double bounded = Math.min(nanos, (double) settings.maxBackoff().toNanos());
        Duration wait = jittered(Duration.ofNanos((long) bounded), settings.jitterPercent(), random);
        return retryAfter.filter(asked -> asked.compareTo(wait) > 0).orElse(wait);
    }

    /** A duration that is longer or shorter by up to {@code percent}. */
    public static Duration jittered(Duration duration, int percent, RandomGenerator random) {
        double factor = 1 + (2 * random.nextDouble() - 1) * percent / 100;
        return Duration.ofNanos((long) (duration.toNanos() * factor));
    }
}
