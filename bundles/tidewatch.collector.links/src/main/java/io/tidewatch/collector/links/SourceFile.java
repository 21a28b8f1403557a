package io.tidewatch.collector.links;

import io.tidewatch.api.config.RegularFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Reads files that others write into a folder that all may write to. */
final class SourceFile {
    /** @param bytes all of it, in memory */
    record Content(ByteArrayInputStream bytes, Instant written) {}

    private SourceFile() {}

    /**
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be read, is no regular file (to open a pipe waits for its writer), or is longer
     */
    static Content read(Path file, int longest) throws IOException {
        // Before the content: a file that is replaced meanwhile counts as older than it is, never as newer.
        Instant written = Files.getLastModifiedTime(file).toInstant();
        return new Content(new ByteArrayInputStream(RegularFile.read(file, longest)), written);
    }
}
