package io.tidewatch.store.sqlite.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** An export into a pipe. */
final class StandardOutput extends FilterOutputStream implements ExportOutput {
    private final PrintStream standard;
    private long size;

    StandardOutput(PrintStream standard) {
        super(standard);
        this.standard = standard;
    }

    @Override
    public OutputStream stream() {
        return this;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        standard.write(bytes, offset, length);
        size += length;
        requireReader();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public long complete() throws IOException {
        requireReader();
        return size;
    }

    /** It stays open: it is the process's. */
    @Override
    public void close() {
        standard.flush();
    }

    private void requireReader() throws IOException {
        if (standard.checkError()) {
            throw new IOException("its reader has gone");
        }
    }
}
