package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: longer each time, scattered, and as long as the server asks for. */
final class Backoff {
    /** A server that asks for more than this is not taken at its word. */
    static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    /**
     * @param maxAttempts attempts in a cycle, at least 1
     * @param initial wait after the first attempt
     * @param max longest wait before jitter
     * @param multiplier how much longer each wait is than the one before
     * @param jitterPercent how far a wait is scattered to either side
     */
    record Settings(int maxAttempts, Duration initial, Duration max, int multiplier, int jitterPercent) {}

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The wait before the next attempt.
     *
     * @param failures attempts that have failed, from 1
     * @param retryAfter what the server asked for
     */
    Duration after(int failures, Settings settings, Optional<Duration> retryAfter) {
        double millis = Math.min(
                (double) settings.initial().toMillis() * Math.pow(settings.multiplier(), failures - 1.0),
                (double) settings.max().toMillis());
        Duration own = Duration.ofMillis(Math.round(millis * scatter(settings.jitterPercent())));
        Duration asked = bounded(retryAfter);
        return asked.compareTo(own) > 0 ? asked : own;
    }

    /** A factor around 1, scattered by so many percent to either side. */
    double scatter(int percent) {
        return percent == 0 ? 1 : 1 + random.nextDouble(-percent, percent) / 100;
    }

    /** What a server may ask for; zero if it did not. */
    static Duration bounded(Optional<Duration> retryAfter) {
        Duration asked = retryAfter.orElse(Duration.ZERO);
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }
}
