package io.tidewatch.procfs;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A buffer that files of procfs and sysfs are read into, one after the other: many small ones share it, a read allocates
 * only the stream. A file is taken whole before anything is parsed, since the kernel makes its text consistent per read.
 *
 * <p>Not safe for use by several threads; a collector keeps its own.
 */
public final class ProcBuffer {
    /** Largest file that is read; /proc/stat of a machine with 1,024 cores has about 150 KiB. */
    static final int MAX_BYTES = 4 << 20;

    private static final int FIRST_BYTES = 4096;

    private byte[] buffer = new byte[FIRST_BYTES];

    /**
     * Reads a file as it is now.
     *
     * @return a cursor before its first line, valid until the next read of this object
     * @throws NoSuchFileException if the file does not exist: this kernel or machine does not have it
     * @throws IOException if it exists and cannot be read, or is larger than 4 MiB
     */
    public Fields read(Path path) throws IOException {
        int length;
        try (InputStream in = new FileInputStream(path.toFile())) {
            length = in.readNBytes(buffer, 0, buffer.length);
            while (length == buffer.length) {
                if (length >= MAX_BYTES) {
                    throw new IOException(path + " is larger than " + MAX_BYTES + " bytes");
                }
                buffer = Arrays.copyOf(buffer, length * 2);
                length += in.readNBytes(buffer, length, length);
            }
        } catch (FileNotFoundException e) {
            // The stream's exception does not tell a missing file from a forbidden one.
            if (Files.notExists(path)) {
                throw (NoSuchFileException) new NoSuchFileException(path.toString()).initCause(e);
            }
            throw e;
        }
        return new Fields(path, buffer, length);
    }

    /** Reads a file and goes to its first line, as most of sysfs has only one; to an empty one if the file is empty. */
    public Fields readLine(Path path) throws IOException {
        Fields fields = read(path);
        fields.nextLine();
        return fields;
    }
}
