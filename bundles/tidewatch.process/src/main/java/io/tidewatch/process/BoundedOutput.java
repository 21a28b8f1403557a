package io.tidewatch.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes from the output of a process what is there, without ever waiting for more: its other end may stay open for longer than
 * the process lives. Not safe for use by several threads.
 */
final class BoundedOutput {
    private final InputStream from;
    private final long most;
    private final int kept;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[8 << 10];
    private long bytes;

    /** @param most how many bytes it may print, of which {@code kept} are wanted */
    BoundedOutput(InputStream from, long most, int kept) {
        this.from = from;
        this.most = most;
        this.kept = kept;
    }

    /** Takes what is there, until it is too long; returns whether there was anything. */
    boolean take() throws IOException {
        long before = bytes;
        int available;
        while (!isTooLong() && (available = from.available()) > 0) {
            int read = from.read(buffer, 0, Math.min(available, buffer.length));
            if (read <= 0) {
                break;
            }
            bytes += read;
            taken.write(buffer, 0, Math.min(read, kept - taken.size()));
        }
        return bytes > before;
    }

    boolean isTooLong() {
        return bytes > most;
    }

    /** Returns what was taken and is wanted. */
    InputStream stream() {
        return new ByteArrayInputStream(taken.toByteArray());
    }
}
