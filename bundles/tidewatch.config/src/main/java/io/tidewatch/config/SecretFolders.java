package io.tidewatch.config;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where secrets lie, one file each: in the folder that systemd hands to the service, and in one of the operator's, whose
 * files only their owner may read.
 *
 * <p>Source: systemd.exec(5), {@code LoadCredential=} and {@code $CREDENTIALS_DIRECTORY}.
 *
 * @param folder the operator's
 * @param credentials systemd's; null if there is none
 */
record SecretFolders(Path folder, @Nullable Path credentials) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final long LARGEST = 16_384;
    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("---rw-rw-");

    /**
     * Reads a secret, without the white space around it.
     *
     * @throws UnresolvedException if there is none, or it is not secret; the message has what to do and nothing of
     *     the secret
     */
    String read(String name) throws UnresolvedException {
        if (!NAME.matcher(name).matches()) {
            throw new UnresolvedException("the name of a file in " + folder + ", of letters, digits, '.', '_' and '-'");
        }
        Path file = file(name);
        try {
            if (file.startsWith(folder) && !isPrivate(file)) {
                throw new UnresolvedException("a file that only its owner can read, so: chmod 600 " + file);
            }
            RegularFile.require(file);
            if (Files.size(file) > LARGEST) {
                throw new UnresolvedException("a secret of at most 16 KiB, and " + file + " is larger");
            }
            String secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw new UnresolvedException("a secret that is not empty, as " + file + " is");
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new UnresolvedException("a secret that is there, and there is no file " + file);
        } catch (CharacterCodingException e) {
            throw new UnresolvedException("text in UTF-8, which " + file + " is not");
        } catch (IOException e) {
            throw new UnresolvedException(
                    "a file that the user of the agent can read, and " + file + " gives " + FileFailure.reason(e));
        }
    }

    /** Changes whenever the file of the secret does; its content is not looked at. */
    String stamp(String name) {
        try {
            Path file = file(name);
            return Files.getLastModifiedTime(file) + "/" + Files.size(file) + "/" + isPrivate(file);
        } catch (IOException | RuntimeException e) {
            return e.getClass().getName();
        }
    }

    private Path file(String name) {
        return credentials != null && Files.exists(credentials.resolve(name))
                ? credentials.resolve(name)
                : folder.resolve(name);
    }

    private static boolean isPrivate(Path file) throws IOException {
        return Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS);
    }
}
