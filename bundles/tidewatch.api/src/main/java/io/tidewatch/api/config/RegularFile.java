package io.tidewatch.api.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files that an operator names or puts into a folder, or links to them. Nothing else is opened: to open a pipe waits for its
 * writer, and some devices have no end.
 */
public final class RegularFile {
    private RegularFile() {}

    /**
     * Reads a whole file.
     *
     * @param longest bytes
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is no regular file, is longer, or cannot be read
     */
    public static byte[] read(Path file, int longest) throws IOException {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(longest + 1);
            if (bytes.length > longest) {
                throw new FileSystemException(file.toString(), null, "it is longer than " + longest + " bytes");
            }
            return bytes;
        }
    }

    /**
     * Opens a file.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is no regular file, or cannot be read
     */
    public static InputStream open(Path file) throws IOException {
        require(file);
        return Files.newInputStream(file);
    }

    /**
     * Does nothing for a regular file, and a link to one.
     *
     * @throws NoSuchFileException if there is none
     * @throws IOException if it is something else, or cannot be examined; the reason says what
     */
    public static void require(Path file) throws IOException {
        String reason;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                return;
            }
            reason = attributes.isDirectory() ? "it is a folder" : "it is a pipe, a socket or a device";
        } catch (NoSuchFileException e) {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            reason = "it is a link to a file that does not exist";
        }
        throw new FileSystemException(file.toString(), null, reason);
    }
}
