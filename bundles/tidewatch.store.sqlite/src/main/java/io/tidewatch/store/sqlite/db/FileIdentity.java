package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The identity of the file with a name: a file that is deleted or replaced while it is open is still there for programs that have it
 * open, and gone with them.
 */
public record FileIdentity(Path file, @Nullable Object key) {
    /** The file that has this name now. */
    public static FileIdentity of(Path file) {
        return new FileIdentity(file, keyOf(file));
    }

    /** Whether another file, or none, has the name by now; never if there was none. */
    public boolean isGone() {
        return key != null && !key.equals(keyOf(file));
    }

    private static @Nullable Object keyOf(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
