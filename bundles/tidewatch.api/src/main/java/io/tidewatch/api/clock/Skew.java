package io.tidewatch.api.clock;

import java.time.Duration;
import java.time.Instant;

/**
 * How far one clock is ahead of another, as measured.
 *
 * @param value negative: behind
 * @param accuracy by how much it may be off
 */
public record Skew(Duration value, Duration accuracy) {
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    /**
     * Returns how far the local clock is ahead of a server's. The header {@code Date} (RFC 9110, 6.6.1) is taken to be
     * written in the middle between request and answer, and half a second into its whole second: the result is off by at
     * most half the round trip and half a second.
     *
     * @param sent local time of the request
     * @param roundTrip from the request to the answer
     */
    public static Skew ofServer(Instant date, Instant sent, Duration roundTrip) {
        Duration half = roundTrip.dividedBy(2);
        return new Skew(
                Duration.between(date.plus(HALF_A_SECOND), sent.plus(half)),
                half.abs().plus(HALF_A_SECOND));
    }
}
