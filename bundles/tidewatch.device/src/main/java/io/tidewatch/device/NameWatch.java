package io.tidewatch.device;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a host name every while, on the daemon thread {@code tidewatch-device}, which is there only until it is found.
 * Safe for use by several threads.
 */
final class NameWatch implements AutoCloseable {
    private static final Duration JOIN = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);

    private final Duration period;
    private final BooleanSupplier look;
    private @Nullable Thread thread;
    private boolean closed;
    private boolean failing;

    /** @param look looks, and returns whether to look again */
    NameWatch(Duration period, BooleanSupplier look) {
        this.period = period;
        this.look = look;
    }

    /** There may be something to look for. */
    synchronized void need() {
        if (thread == null && !closed) {
            Thread fresh = new Thread(this::run, "tidewatch-device");
            fresh.setDaemon(true);
            fresh.start();
            thread = fresh;
        }
    }

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
        boolean again = !closed && isStillNeeded();
        if (!again) {
            thread = null;
        }
        return again;
    }

    private boolean isStillNeeded() {
        try {
            boolean again = look.getAsBoolean();
            failing = false;
            return again;
        } catch (RuntimeException | Error e) {
            if (!failing) {
                LOG.warn("The name of the device cannot be read; the agent retries", e);
            }
            failing = true;
            return true;
        }
    }
}
