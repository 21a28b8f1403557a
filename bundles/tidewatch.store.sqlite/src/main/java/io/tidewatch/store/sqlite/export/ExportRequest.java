package io.tidewatch.store.sqlite.export;

import java.nio.file.Path;

/**
 * What is to be exported, and where to.
 *
 * @param output the file to write, in a folder that exists; one that is there is replaced when the new one is whole;
 *     {@link #STANDARD_OUTPUT} for a pipe
 * @param lineValues samples in one line at most
 */
public record ExportRequest(Path database, Path output, long from, long until, boolean pendingOnly, int lineValues) {
    /** As many samples in a line as compress best: longer ones leave the reach of gzip. */
    public static final int LINE_VALUES = 100;

    public static final Path STANDARD_OUTPUT = Path.of("-");

    public boolean isToStandardOutput() {
        return output.equals(STANDARD_OUTPUT);
    }

    public ExportRequest {
        if (lineValues < 1) {
            throw new IllegalArgumentException("A line needs at least one sample, not " + lineValues);
        }
    }
}
