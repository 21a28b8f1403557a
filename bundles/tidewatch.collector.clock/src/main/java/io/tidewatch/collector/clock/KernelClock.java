package io.tidewatch.collector.clock;

import java.io.IOException;

/** Reads the kernel's bound of the clock's error. */
@FunctionalInterface
interface KernelClock {
    /**
     * The bound, which a time daemon sets and the kernel raises by 500 µs a second since then, up to 16 s.
     *
     * @return microseconds
     * @throws NotReadableException if this process may not read it, or cannot
     * @throws IOException if the call fails otherwise
     */
    long errorBoundMicros() throws IOException;

    /** The bound exists, and this process does not get it. */
    final class NotReadableException extends IOException {
        private static final long serialVersionUID = 1L;

        NotReadableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
