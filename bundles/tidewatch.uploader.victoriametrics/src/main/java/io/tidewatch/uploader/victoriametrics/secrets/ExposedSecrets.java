package io.tidewatch.uploader.victoriametrics.secrets;

import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files with secrets that every user of the machine may read, by their mode; they are not used, see decision 017. The rights
 * of the folders above do not count: what was open once may have been copied.
 */
public final class ExposedSecrets {
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
        refuse(of(settings));
    }

    /**
     * The same for one file.
     *
     * @param key name of the setting, for the message
     */
    public static void refuse(String key, Path file) throws DeliveryException {
        refuse(examine(key, file).stream().toList());
    }

    private static void refuse(List<String> exposed) throws DeliveryException {
        if (!exposed.isEmpty()) {
            throw new DeliveryException(Reason.EXPOSED_SECRET, String.join("; ", exposed));
        }
    }

    private static Optional<String> examine(String key, Path file) {
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
            if (rights.contains(PosixFilePermission.OTHERS_READ)) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s has mode 0%03o, so that every user of this machine may read it, and is not used: chmod o-rwx %s",
                        key,
                        file,
                        mode(rights),
                        file));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Reading it reports what is wrong with it, or this file system has no such permissions.
        }
        return Optional.empty();
    }

    private static int mode(Set<PosixFilePermission> rights) {
        int mode = 0;
        // In the order of the bits, from that of the owner's read down.
        for (PosixFilePermission right : PosixFilePermission.values()) {
            mode = (mode << 1) | (rights.contains(right) ? 1 : 0);
        }
        return mode;
    }
}
