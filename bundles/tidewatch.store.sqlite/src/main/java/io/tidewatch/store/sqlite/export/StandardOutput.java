package io.tidewatch.store.sqlite.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An export into a pipe, or where the shell has standard output go. */
final class StandardOutput extends FilterOutputStream implements ExportOutput {
    private long size;

    /** @param standard throws what goes wrong, as a {@link java.io.PrintStream} does not */
    StandardOutput(OutputStream standard) {
        super(standard);
    }

    @Override
    public OutputStream stream() {
        return this;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        size += length;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public long complete() throws IOException {
        flush();
        return size;
    }

    /** It stays open: it is the process's. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
