package io.tidewatch.scheduler;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service that comes and goes, and can be waited for. Safe for use by several threads. */
final class Awaited<T> {
    private @Nullable T present;

    synchronized void set(T service) {
        present = service;
        notifyAll();
    }

    /** It goes; without effect if another has replaced it. */
    synchronized void clear(T service) {
        if (present == service) {
            present = null;
        }
    }

    synchronized Optional<T> now() {
        return Optional.ofNullable(present);
    }

    /** Whether this one has not been replaced and not gone. */
    synchronized boolean isPresent(T service) {
        return present == service;
    }

    /** Waits without limit for a service: the limit is the interrupter's. */
    synchronized T await() throws InterruptedException {
        while (true) {
            T service = present;
            if (service != null) {
                return service;
            }
            wait();
        }
    }
}
