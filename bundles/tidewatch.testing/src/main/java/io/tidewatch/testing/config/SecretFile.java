package io.tidewatch.testing.config;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file with a token or a key, as an operator should write it: mode 0600, whatever the umask of the test is. */
public final class SecretFile {
    private SecretFile() {}

    /**
     * Writes the text, over what was there.
     *
     * @return the file; a file that was there keeps its mode
     */
    public static Path write(Path file, String text) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var out = Channels.newOutputStream(channel)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }
}
