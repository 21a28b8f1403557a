package io.tidewatch.collector.links;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/** Reads files that others write into a folder that all may write to. */
final class SourceFile {
    /**
     * A file as it was.
     *
     * @param bytes all of it, in memory
     * @param written when it was last written
     */
    record Content(ByteArrayInputStream bytes, Instant written) {}

    private SourceFile() {}

    /**
     * Reads a file.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it cannot be read, is no regular file (to open a pipe waits for its writer), or is longer
     */
    static Content read(Path file, int longest) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new IOException("it is longer than " + longest + " bytes");
            }
            return new Content(
                    new ByteArrayInputStream(bytes),
                    attributes.lastModifiedTime().toInstant());
        }
    }
}
