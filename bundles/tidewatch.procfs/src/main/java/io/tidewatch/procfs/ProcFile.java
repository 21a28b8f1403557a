package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * One file of procfs or sysfs that is read again and again, into a {@link ProcBuffer} of its own.
 *
 * <p>Not safe for use by several threads; a collector keeps its own.
 */
public final class ProcFile {
    private final Path path;
    private final ProcBuffer buffer = new ProcBuffer();

    /** @param path the file; it need not exist before it is read */
    public ProcFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /** Reads the file as it is now: {@link ProcBuffer#read}. The cursor is valid until the next read of this object. */
    public Fields read() throws IOException {
        return buffer.read(path);
    }
}
