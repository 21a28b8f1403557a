package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How large the body of a request may be on the link of the moment. A link of a kilobyte per second gets requests that it
 * can carry, and a server that hung for once is not sent small ones for long: a request that arrived in time lets the next
 * be up to twice as large, as far as the measured rate carries it within a quarter of the timeout. That is less than the
 * 10 seconds within which vmauth wants to have read a body. A size that was late once is not tried again for 10 minutes,
 * so that on a slow link not every second request is late.
 *
 * <p>Not safe for use by several threads.
 */
final class RequestSize {
    /** No request has a larger body. */
    static final int LARGEST = 256 << 10;

    /** Less would be mostly headers. */
    private static final int SMALLEST = 256;

    private static final Duration LONGEST_AIM = Duration.ofMillis(7500);
    private static final long MEMORY = Duration.ofMinutes(10).toNanos();

    private int limit = LARGEST;
    private int ceiling = LARGEST;
    private @Nullable Long ceilingSet;

    /** Bytes that the next body may have. A single sample may be larger. */
    int limit() {
        return limit;
    }

    /**
     * A request did not arrive whole or in time, or was too large.
     *
     * @param bytes of its body
     * @param took until the failure
     * @param now monotonic nanoseconds
     */
    void late(int bytes, Duration took, Duration timeout, long now) {
        double part = Math.min(0.5, aim(timeout) / Math.max(1e-9, seconds(took)));
        limit = Math.max(SMALLEST, (int) (Math.min(bytes, limit) * part));
        ceiling = Math.max(SMALLEST, Math.min(bytes, ceiling) * 3 / 4);
        ceilingSet = now;
    }

    /** Forgets what was learnt. */
    void reset() {
        limit = LARGEST;
        ceiling = LARGEST;
        ceilingSet = null;
    }

    /**
     * A request was answered.
     *
     * @param bytes of its body
     */
    void arrived(int bytes, Duration took, Duration timeout, long now) {
        if (ceilingSet != null && now - ceilingSet >= MEMORY) {
            ceiling = LARGEST;
            ceilingSet = null;
        }
        double carried = bytes * aim(timeout) / Math.max(1e-9, seconds(took));
        if (carried > limit) {
            limit = (int) Math.min(Math.min(2.0 * limit, carried), ceiling);
        }
    }

    private static double aim(Duration timeout) {
        Duration quarter = timeout.dividedBy(4);
        return seconds(quarter.compareTo(LONGEST_AIM) < 0 ? quarter : LONGEST_AIM);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
