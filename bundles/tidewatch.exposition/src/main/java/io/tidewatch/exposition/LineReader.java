package io.tidewatch.exposition;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream into lines without copying them: each is a range of the buffer until the next is asked for. The buffer is
 * at most as long as the longest line that is allowed. Reused from page to page; not safe for use by several threads.
 */
final class LineReader {
    private static final int FIRST_BUFFER = 8 << 10;
    private static final int LONGEST_SHOWN = 128;

    private final ExpositionLimits limits;
    private int filled;
    private int next;
    private long bytes;
    private InputStream in = InputStream.nullInputStream();

    /** Whether the page is longer than allowed. */
    boolean cut;

    byte[] buffer;
    /** The line is {@code [from, to)} of {@link #buffer}, without its line break. */
    int from;

    int to;
    /** Whether it is longer than allowed; the range is then its beginning. */
    boolean overlong;
    /** Whether a line break ended it, not the end of the stream. */
    boolean terminated;

    LineReader(ExpositionLimits limits) {
        this.limits = limits;
        buffer = new byte[Math.min(FIRST_BUFFER, limits.lineBytes() + 2)];
    }

    void open(InputStream page) {
        in = page;
        filled = 0;
        next = 0;
        bytes = 0;
        cut = false;
    }

    /** Moves to the next line; false at the end of the page, also when that is where it was cut. */
    boolean next() throws IOException {
        overlong = false;
        int scanned = next;
        int end;
        while ((end = indexOfBreak(scanned)) < 0 && filled - next <= limits.lineBytes()) {
            int begun = filled - next;
            if (fill() <= 0) {
                break;
            }
            scanned = next + begun;
        }
        if ((end < 0 ? filled : end) - next > limits.lineBytes()) {
            skipOverlong(end);
            return true;
        }
        terminated = end >= 0;
        // A cut line is not delivered: it may be the beginning of another value.
        if (!terminated && (cut || next == filled)) {
            return false;
        }
        from = next;
        to = terminated ? end : filled;
        next = terminated ? end + 1 : filled;
        to -= to > from && buffer[to - 1] == '\r' ? 1 : 0;
        return true;
    }

    /** Passes the rest of a long line; its beginning stays for the message. */
    private void skipOverlong(int lineBreak) throws IOException {
        overlong = true;
        int shown = Math.min(LONGEST_SHOWN, limits.lineBytes());
        int end = lineBreak;
        if (end < 0) {
            moveToFront();
            do {
                filled = shown;
            } while (fill() > 0 && (end = indexOfBreak(shown)) < 0);
        }
        from = next;
        to = next + shown;
        next = end < 0 ? filled : end + 1;
        terminated = end >= 0;
    }

    private int indexOfBreak(int start) {
        for (int i = start; i < filled; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void moveToFront() {
        System.arraycopy(buffer, next, buffer, 0, filled - next);
        filled -= next;
        next = 0;
    }

    /** Reads more behind what is there; returns how many bytes, 0 or less at the end of the page. */
    private int fill() throws IOException {
        if (filled == buffer.length) {
            if (next > 0) {
                moveToFront();
            } else {
                buffer = Arrays.copyOf(buffer, (int) Math.min(2L * buffer.length, limits.lineBytes() + 2L));
            }
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read > 0) {
            int allowed = (int) Math.min(read, limits.pageBytes() - bytes);
            cut = allowed < read;
            bytes += allowed;
            filled += allowed;
            return allowed;
        }
        return read;
    }
}
