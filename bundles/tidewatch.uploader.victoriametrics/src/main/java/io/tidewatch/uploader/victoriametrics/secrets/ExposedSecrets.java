package io.tidewatch.uploader.victoriametrics.secrets;

import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files with secrets that every user of the machine may read, by their mode; they are not used, see decision 017. The rights
 * of the folders above do not count: what was open once may have been copied.
 */
public final class ExposedSecrets {
    private static final int OTHERS_READ = 04;

    private ExposedSecrets() {}

    /** What an operator should fix with these files as they are now: which, its mode, and how; none if all is well. */
    public static List<String> of(UploaderSettings settings) {
        return Stream.of(
                        settings.tokenFile().flatMap(file -> examine("token.file", file)),
                        settings.tls().key().flatMap(file -> examine("client.key.file", file)))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Lets pass what only its owner and its group may read, and what is not there or says nothing of rights.
     *
     * @throws DeliveryException if every user may read one of the files; it names each
     */
    public static void refuse(UploaderSettings settings) throws DeliveryException {
        List<String> exposed = of(settings);
        if (!exposed.isEmpty()) {
            throw new DeliveryException(Reason.EXPOSED_SECRET, String.join("; ", exposed));
        }
    }

    private static Optional<String> examine(String key, Path file) {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode") & 0777;
            if ((mode & OTHERS_READ) != 0) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s has mode 0%03o, so that every user of this machine may read it, and is not used: chmod o-rwx %s",
                        key,
                        file,
                        mode,
                        file));
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Reading it reports what is wrong with it, or this file system has no such permissions.
        }
        return Optional.empty();
    }
}
