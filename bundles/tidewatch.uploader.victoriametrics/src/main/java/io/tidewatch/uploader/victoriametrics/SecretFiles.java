package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether the files that hold secrets keep them. They are used all the same, with a warning: an agent that stops
 * delivering helps nobody.
 *
 * <p>Not safe for use by several threads, but for {@link #warnings}.
 */
final class SecretFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);

    private volatile List<String> warnings = List.of();

    /** Looks at the files. */
    void check(UploaderSettings settings) {
        List<String> now = warningsOf(settings);
        List<String> before = warnings;
        if (!now.equals(before)) {
            now.stream().filter(warning -> !before.contains(warning)).forEach(LOG::warn);
            warnings = List.copyOf(now);
        }
    }

    /** What an operator should mend, and how; none if all is well. */
    List<String> warnings() {
        return warnings;
    }

    /** What an operator should mend with these files as they are now, and how; none if all is well. */
    static List<String> warningsOf(UploaderSettings settings) {
        List<String> now = new ArrayList<>(0);
        settings.tokenFile().ifPresent(file -> check("token.file", file, now));
        settings.tls().key().ifPresent(file -> check("client.key.file", file, now));
        return now;
    }

    private static void check(String key, Path file, List<String> warnings) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                warnings.add(key + " " + file + " can be read by every user of this machine: chmod o-rwx " + file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Whoever reads it says what is wrong with it, or this file system has no such permissions.
        }
    }
}
