package io.tidewatch.httpclient;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When an exchange has to be over, by the monotonic clock. */
public final class Deadline {
    private final Duration limit;
    private final long end;

    /** @param limit how long it may take, from now on */
    public Deadline(Duration limit) {
        this.limit = limit;
        end = System.nanoTime() + limit.toNanos();
    }

    /**
     * Returns the milliseconds that are left, at least 1.
     *
     * @throws SocketTimeoutException if none is
     */
    public int millisLeft() throws SocketTimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("no complete page within " + limit.toMillis() + " ms");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
    }
}
