package io.tidewatch.store.sqlite.export;

import java.io.IOException;
import java.io.OutputStream;

/** Where the bytes of an export go. */
interface ExportOutput extends AutoCloseable {
    /** Where its content goes. Need not be closed. */
    OutputStream stream();

    /** Everything was written. Returns its size in bytes. */
    long complete() throws IOException;

    @Override
    void close() throws IOException;
}
