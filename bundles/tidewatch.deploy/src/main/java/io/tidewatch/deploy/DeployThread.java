package io.tidewatch.deploy;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the folder every while, on the daemon thread {@code tidewatch-deploy}. */
final class DeployThread {
    private static final Logger LOG = LoggerFactory.getLogger(DeployThread.class);
    private static final long JOIN_MILLIS = 5000;

    private final Runnable look;
    private final Duration period;
    private final Thread thread = new Thread(this::run, "tidewatch-deploy");
    private boolean closed;

    /**
     * @param look one look; whatever it throws does not end the thread
     * @param period time from one look to the next
     */
    DeployThread(Runnable look, Duration period) {
        this.look = look;
        this.period = period;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread and waits for it, for five seconds at most. */
    void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join(JOIN_MILLIS);
    }

    private void run() {
        try {
            while (await()) {
                try {
                    look.run();
                } catch (RuntimeException | Error e) {
                    LOG.error("The deploy folder could not be examined; it is examined again", e);
                }
            }
        } catch (InterruptedException e) {
            // Nothing interrupts this thread but the end of the process.
            return;
        }
    }

    /** Returns false when it is over. */
    private synchronized boolean await() throws InterruptedException {
        long end = System.nanoTime() + period.toNanos();
        for (long left = period.toMillis(); !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return !closed;
    }
}
