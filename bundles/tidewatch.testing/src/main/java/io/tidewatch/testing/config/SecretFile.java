package io.tidewatch.testing.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A file with a token or a key, as an operator should write it: mode 0600, whatever the umask of the test is. */
public final class SecretFile {
    private SecretFile() {}

    /** Writes the text, over what was there; a file that was there keeps its mode. */
    public static Path write(Path file, String text) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.writeString(file, text);
    }
}
