package io.tidewatch.clockskew;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code tidewatch-clockskew}: compares at the start, after every interval and when asked to, and looks every
 * few seconds whether the clock stepped.
 */
final class ComparisonLoop {
    /** Time between two looks whether the clock stepped, beside those of every stamp. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ComparisonLoop.class);

    private final DeviceClock clock;
    private final Supplier<Duration> interval;
    private final Runnable comparison;
    private final Thread thread = new Thread(this::run, "tidewatch-clockskew");
    private boolean due = true;
    private boolean closed;

    /** @param comparison compares once */
    ComparisonLoop(DeviceClock clock, Supplier<Duration> interval, Runnable comparison) {
        this.clock = clock;
        this.interval = interval;
        this.comparison = comparison;
    }

    void start() {
        thread.start();
    }

    /** Has the clock compared soon. */
    synchronized void compareNow() {
        due = true;
        notifyAll();
    }

    /** Makes the thread end behind the comparison that is under way. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    void join(Duration limit) throws InterruptedException {
        thread.join(limit.toMillis());
    }

    private void run() {
        try {
            while (awaitNext()) {
                contained(comparison);
            }
        } catch (InterruptedException e) {
            // An interrupt ends this thread.
            LOG.debug("Interrupted");
        }
    }

    /** @return false when it is over */
    private boolean awaitNext() throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            // While samples wait for the answer of a server it is asked at every look.
            Duration pause = clock.isOpen() ? LOOK : interval.get();
            synchronized (this) {
                Duration left = pause.minusNanos(System.nanoTime() - start);
                if (closed || due || left.isNegative() || left.isZero()) {
                    due = false;
                    return !closed;
                }
                wait(Math.min(left.toMillis() + 1, LOOK.toMillis()));
            }
            contained(clock::tick);
        }
    }

    /** Without this thread no step is noticed between two passes: it outlives whatever a look or a comparison meets. */
    private static void contained(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.error("The clock could not be examined; it is examined again", e);
        }
    }
}
