package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls that end: HttpURLConnection limits the time of connecting and of each read, so that a peer that does not read, or
 * answers a byte a minute, holds it for ever. Behind the deadline the connection is closed by another thread, which lives
 * only while there are calls. Only the resolver is beyond reach.
 *
 * <p>Threads: {@link #call} is called by one; {@link #close} by any.
 */
final class TimedCalls implements AutoCloseable {
    /** Makes a connection. */
    interface Connecting {
        /** @param deadline is told of every connection that is tried */
        HttpURLConnection connect(Deadline deadline) throws IOException;
    }

    /** What is done with a connection that was made. */
    interface Call<T> {
        T on(HttpURLConnection connection, Deadline deadline) throws IOException;
    }

    private static final Duration DEADLINE_REPEAT = Duration.ofMillis(500);

    private final ScheduledThreadPoolExecutor deadlines;
    private volatile @Nullable Deadline current;
    private volatile boolean closed;

    TimedCalls() {
        this.deadlines = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "tidewatch-uploader-deadline");
            // Losing it loses nothing: it only closes connections.
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.setKeepAliveTime(10, TimeUnit.SECONDS);
        deadlines.allowCoreThreadTimeOut(true);
    }

    /**
     * Connects and calls.
     *
     * @param timeout for both together
     * @throws DeadlineException if they took longer
     * @throws IOException if there was no answer, or these calls are closed
     */
    <T> T call(Duration timeout, Connecting connecting, Call<T> call) throws IOException {
        Deadline deadline = new Deadline();
        current = deadline;
        checkOpen();
        // Again and again: closing has no effect on a connection that is just being made.
        ScheduledFuture<?> watch = watch(deadline, timeout);
        try {
            return call.on(connecting.connect(deadline), deadline);
        } catch (IOException e) {
            throw deadline.passed() ? new DeadlineException(e) : e;
        } catch (RuntimeException e) {
            // HttpURLConnection passes on what its parsers throw at nonsense.
            throw new IOException("Not an answer in HTTP", e);
        } finally {
            watch.cancel(false);
            current = null;
        }
    }

    /** @throws IOException if these calls are closed */
    void checkOpen() throws IOException {
        if (closed) {
            throw stopping(null);
        }
    }

    /** Breaks off a call that is under way, and refuses others. */
    @Override
    public void close() {
        closed = true;
        Deadline call = current;
        if (call != null) {
            call.disconnect();
        }
        deadlines.shutdownNow();
    }

    private ScheduledFuture<?> watch(Deadline deadline, Duration timeout) throws IOException {
        try {
            return deadlines.scheduleWithFixedDelay(
                    deadline, timeout.toNanos(), DEADLINE_REPEAT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw stopping(e);
        }
    }

    private static IOException stopping(@Nullable RuntimeException cause) {
        return new IOException("The uploader is being stopped", cause);
    }
}
