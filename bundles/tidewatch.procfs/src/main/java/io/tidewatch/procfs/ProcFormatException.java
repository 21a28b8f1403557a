package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.Path;

/** A file that does not look as the kernel documents it. The message names file, line and what was expected. */
public final class ProcFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param line the line, from 1
     * @param expected what was expected there
     * @param found what stands there instead, quoted and cut to a readable length
     */
    public ProcFormatException(Path file, int line, String expected, String found) {
        super(file + ":" + line + ": expected " + expected + ", found " + found);
    }

    /** @param missing what it has not, as in "a line 'btime'" */
    public ProcFormatException(Path file, String missing) {
        super(file + ": has no " + missing);
    }
}
