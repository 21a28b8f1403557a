package io.tidewatch.store.sqlite.export;

import java.nio.file.Path;

/**
 * What is to be exported, and where to.
 *
 * @param output the file to write, in a folder that exists; one that is there is replaced when the new one is whole;
 *     {@link #STANDARD_OUTPUT} for a pipe
 */
public record ExportRequest(Path database, Path output, long from, long until, boolean pendingOnly) {
    public static final Path STANDARD_OUTPUT = Path.of("-");

    public boolean isToStandardOutput() {
        return output.equals(STANDARD_OUTPUT);
    }
}
