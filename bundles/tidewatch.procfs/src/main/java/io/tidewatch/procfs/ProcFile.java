package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
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

    /**
     * Reads the file as it is now.
     *
     * @return a cursor before its first line, valid until the next read of this object
     * @throws NoSuchFileException if the file does not exist: this kernel or machine does not have it
     * @throws IOException if it exists and cannot be read, or is larger than 4 MiB
     */
    public Fields read() throws IOException {
        return buffer.read(path);
    }
}
