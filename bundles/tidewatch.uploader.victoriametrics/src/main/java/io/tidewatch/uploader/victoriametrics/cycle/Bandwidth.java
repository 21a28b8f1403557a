package io.tidewatch.uploader.victoriametrics.cycle;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Keeps what is sent within so many bytes per second, on average: a request goes at once, and the next one waits until
 * the bytes of all before it are paid for. What was not used is saved for a second at most.
 *
 * <p>Not safe for use by several threads.
 */
public final class Bandwidth {
    private static final long SAVED_NANOS = Duration.ofSeconds(1).toNanos();

    private boolean used;
    private long paid;

    /** Bytes were sent, under this limit (empty: none), at a monotonic time in nanoseconds. */
    public void spend(int bytes, OptionalLong bytesPerSecond, long now) {
        if (bytesPerSecond.isEmpty()) {
            used = false;
            return;
        }
        long from = used && paid - (now - SAVED_NANOS) > 0 ? paid : now - SAVED_NANOS;
        paid = from + (long) (bytes * 1e9 / bytesPerSecond.getAsLong());
        used = true;
    }

    /** How long to wait before the next request, at a monotonic time in nanoseconds. */
    public Duration delay(long now) {
        return used && paid - now > 0 ? Duration.ofNanos(paid - now) : Duration.ZERO;
    }
}
