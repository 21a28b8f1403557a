package io.tidewatch.config;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks again every while, on the thread {@code tidewatch-config}, which is there only while there is something to look
 * for. Safe for use by several threads.
 */
final class SecondLook implements AutoCloseable {
    private static final Duration JOIN = Duration.ofSeconds(2);

    private final Duration period;
    private final BooleanSupplier look;
    private @Nullable Thread thread;
    private boolean wanted;
    private boolean closed;

    /**
     * @param period time from one look to the next
     * @param look looks, and tells whether to look again
     */
    SecondLook(Duration period, BooleanSupplier look) {
        this.period = period;
        this.look = look;
    }

    /** There is something to look for. */
    synchronized void need() {
        wanted = true;
        if (thread == null && !closed) {
            thread = new Thread(this::run, "tidewatch-config");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Ends the thread. Not called by the look. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
            notifyAll();
        }
        if (ending != null) {
            try {
                ending.join(JOIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (awaitNext()) {
                if (look.getAsBoolean()) {
                    need();
                }
            }
        } catch (InterruptedException e) {
            synchronized (this) {
                thread = null;
            }
        }
    }

    /** @return false when it is over */
    private synchronized boolean awaitNext() throws InterruptedException {
        long start = System.nanoTime();
        long left = period.toMillis();
        while (wanted && !closed && left > 0) {
            wait(left);
            left = period.minusNanos(System.nanoTime() - start).toMillis();
        }
        boolean again = wanted && !closed;
        wanted = false;
        if (!again) {
            thread = null;
        }
        return again;
    }
}
