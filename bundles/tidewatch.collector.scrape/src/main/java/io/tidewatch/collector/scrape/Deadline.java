package io.tidewatch.collector.scrape;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When a scrape has to be over, by the monotonic clock. */
final class Deadline {
    private final Duration limit;
    private final long end;

    Deadline(Duration limit) {
        this.limit = limit;
        end = System.nanoTime() + limit.toNanos();
    }

    /**
     * Returns the milliseconds that are left, at least 1.
     *
     * @throws SocketTimeoutException if none is
     */
    int millisLeft() throws SocketTimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("no complete page within " + limit.toMillis() + " ms");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
    }
}
