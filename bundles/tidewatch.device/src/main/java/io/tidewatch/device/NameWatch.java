package io.tidewatch.device;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a host name every while, on the daemon thread {@code tidewatch-device}, which is there only until it is found.
 * Safe for use by several threads.
 */
final class NameWatch implements AutoCloseable {
    private static final Duration JOIN = Duration.ofSeconds(2);

    private final Duration period;
    private final BooleanSupplier look;
    private @Nullable Thread thread;
    private boolean closed;

    /**
     * @param period time from one look to the next
     * @param look looks, and returns whether to look again
     */
    NameWatch(Duration period, BooleanSupplier look) {
        this.period = period;
        this.look = look;
    }

    /** There may be something to look for. */
    synchronized void need() {
        if (thread == null && !closed) {
            thread = new Thread(this::run, "tidewatch-device");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Ends the thread and waits for that. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = thread;
        }
        if (ending != null) {
            ending.interrupt();
            try {
                ending.join(JOIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (goesOn()) {
                Thread.sleep(period.toMillis());
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            return;
        }
    }

    private synchronized boolean goesOn() {
        boolean again = !closed && look.getAsBoolean();
        if (!again) {
            thread = null;
        }
        return again;
    }
}
