package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls that end: HttpURLConnection limits the time of connecting and of each read, so that a peer that does not read, or
 * answers a byte a minute, blocks it indefinitely. After the deadline the connection is closed by another thread, which
 * lives only while there are calls. So it is when the network of the device changes meanwhile, since a request that hangs
 * on the old one would hang until the deadline; once per timeout, so that a slow request ends on a network that changes
 * all the time. {@link #abort} ends what goes to a server that is not configured any more. Beyond reach are, for 10 s each,
 * looking a name up and making a connection.
 *
 * <p>Threads: {@link #call} is called by one; {@link #abort} and {@link #close} by any.
 */
final class TimedCalls implements AutoCloseable {
    interface Call<T> {
        /** @param deadline is told of every connection that is tried */
        T within(Deadline deadline) throws IOException;
    }

    /** Ends a request that takes too long, on whichever connection it is by then. Safe for use by several threads. */
    static final class Deadline implements Runnable {
        private volatile @Nullable HttpURLConnection connection;
        private volatile boolean passed;
        private volatile @Nullable String aborted;
        private volatile @Nullable ScheduledFuture<?> aborting;

        /** Goes over to another connection. */
        void watch(HttpURLConnection next) throws IOException {
            connection = next;
            if (passed || aborted != null) {
                throw new IOException("No time is left for another address");
            }
        }

        boolean passed() {
            return passed;
        }

        /** Why the request was aborted before its time was over, or null. */
        @Nullable
        String aborted() {
            return passed ? null : aborted;
        }

        /** Ends the request before its time is over. */
        void abort(String why) {
            aborted = why;
            disconnect();
        }

        private void cancelAbort() {
            ScheduledFuture<?> watch = aborting;
            if (watch != null) {
                watch.cancel(false);
            }
        }

        /** Closes the connection, if there is one yet. */
        void disconnect() {
            HttpURLConnection watched = connection;
            if (watched != null) {
                watched.disconnect();
            }
        }

        @Override
        public void run() {
            passed = true;
            disconnect();
        }
    }

    private static final Duration REPEAT = Duration.ofMillis(500);

    /** Calls follow each other at once while a backlog drains: the network is not read for each. */
    private static final long SAME = Duration.ofSeconds(1).toNanos();

    private final LongSupplier network;
    private final Duration look;
    private final ScheduledThreadPoolExecutor deadlines;
    private @Nullable Long lookedAt;
    private long before;
    private volatile long lastAbort = System.nanoTime() - Duration.ofDays(1).toNanos();
    private volatile @Nullable Deadline current;
    private volatile boolean closed;

    /**
     * @param network a number that changes with routes and addresses of the device; asked by any thread
     * @param look time between two looks at it while a call lasts
     */
    TimedCalls(LongSupplier network, Duration look) {
        this.network = network;
        this.look = look;
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
     * Makes a call.
     *
     * @param timeout for all of it
     * @throws SocketTimeoutException if it took longer
     * @throws IOException if there was no answer, or these calls are closed
     */
    <T> T call(Duration timeout, Call<T> call) throws IOException {
        Deadline deadline = new Deadline();
        current = deadline;
        checkOpen();
        // Again and again: closing has no effect on a connection that is just being made.
        ScheduledFuture<?> watch = watch(deadline, timeout, REPEAT);
        ScheduledFuture<?> networkWatch = watch(aborting(deadline, timeout), look, look);
        try {
            return call.within(deadline);
        } catch (IOException e) {
            String why = deadline.aborted();
            if (why != null) {
                throw new IOException(why, e);
            }
            throw deadline.passed()
                    ? (IOException) new SocketTimeoutException("The request took too long").initCause(e)
                    : e;
        } catch (RuntimeException e) {
            // HttpURLConnection passes on what its parsers throw at nonsense.
            throw new IOException("Not an answer in HTTP", e);
        } finally {
            current = null;
            watch.cancel(false);
            networkWatch.cancel(false);
            deadline.cancelAbort();
        }
    }

    /** @throws IOException if these calls are closed */
    void checkOpen() throws IOException {
        if (closed) {
            throw stopping(null);
        }
    }

    /** Ends a call that is under way now, unless it has ended when the time is over. */
    void abort(Duration grace, String why) throws IOException {
        Deadline call = current;
        if (call != null) {
            call.cancelAbort();
            call.aborting = watch(() -> call.abort(why), grace, REPEAT);
            if (call != current) {
                call.cancelAbort();
            }
        }
    }

    /** Aborts a call that is under way, and refuses others. */
    @Override
    public void close() {
        closed = true;
        Deadline call = current;
        if (call != null) {
            call.disconnect();
        }
        deadlines.shutdownNow();
    }

    private Runnable aborting(Deadline deadline, Duration timeout) {
        long start = System.nanoTime();
        if (lookedAt == null || start - lookedAt >= SAME) {
            lookedAt = start;
            before = network.getAsLong();
        }
        long tried = before;
        return () -> {
            long now = System.nanoTime();
            if (network.getAsLong() != tried && now - lastAbort >= timeout.toNanos()) {
                lastAbort = now;
                deadline.abort("the network of this device changed");
            }
        };
    }

    private ScheduledFuture<?> watch(Runnable work, Duration first, Duration repeat) throws IOException {
        try {
            return deadlines.scheduleWithFixedDelay(work, first.toNanos(), repeat.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw stopping(e);
        }
    }

    private static IOException stopping(@Nullable RuntimeException cause) {
        return new IOException("The uploader is being stopped", cause);
    }
}
