package io.tidewatch.launcher;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Standard output, or error output, that a bundle cannot close: the log goes there. */
final class UncloseableStream extends PrintStream {
    UncloseableStream(OutputStream out) {
        super(out, true, Charset.defaultCharset());
    }

    /** Flushes, and closes nothing. */
    @Override
    public void close() {
        flush();
    }
}
