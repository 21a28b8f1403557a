package io.tidewatch.uploader.victoriametrics.secrets;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the server knows this device by. A token is read for every request: a new one works at once, whether it came before or
 * behind the refusal of the old one, and there is no copy that could be stale.
 *
 * <p>Files with secrets that every user of the machine may read, by their mode, are not used, see decision 017. The rights of
 * the folders above do not count: what was open once may have been copied.
 */
public final class Credentials {
    private static final int LONGEST = 8 << 10;

    /** What may stand in a header: a line end in it would be a way to smuggle another header. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private static final int OTHERS_READ = 04;

    private Credentials() {}

    /**
     * Value of the header Authorization; nothing if none is configured.
     *
     * @throws DeliveryException {@link Reason#EXPOSED_SECRET} if every user may read token or key, naming each; {@link
     *     Reason#TOKEN_FILE} if there should be a token and is none
     */
    public static Optional<String> authorization(UploaderSettings settings) throws DeliveryException {
        List<String> exposed = exposed(settings);
        if (!exposed.isEmpty()) {
            throw new DeliveryException(Reason.EXPOSED_SECRET, String.join("; ", exposed));
        }
        Optional<Path> file = settings.tokenFile();
        return file.isPresent()
                ? Optional.of("Bearer " + token(file.get()))
                : settings.requireEndpoint().basicAuthorization();
    }

    /**
     * What an operator should fix with the files of secrets as they are now: which, its mode, and how; none if all is well.
     * Lets pass what only its owner and its group may read, and what is not there or says nothing of rights.
     */
    public static List<String> exposed(UploaderSettings settings) {
        return Stream.of(
                        settings.tokenFile().flatMap(file -> exposed("token.file", file)),
                        settings.tls().key().flatMap(file -> exposed("client.key.file", file)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> exposed(String key, Path file) {
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

    /** The token in a file, without white space around it. */
    static String token(Path file) throws DeliveryException {
        byte[] bytes;
        try (var in = RegularFile.open(file)) {
            // One more than it should hold, to see whether it grows meanwhile; not much more, since this is read often.
            bytes = in.readNBytes((int) Math.min(Files.size(file), LONGEST) + 1);
        } catch (NoSuchFileException e) {
            throw unusable(file, " does not exist: write the token into it");
        } catch (AccessDeniedException e) {
            throw unusable(file, " may not be read by this user: check its owner");
        } catch (IOException e) {
            throw unusable(file, " cannot be read: " + FileFailure.reason(e));
        }
        String token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        if (bytes.length > LONGEST || !TOKEN.matcher(token).matches()) {
            throw unusable(file, " must hold one token of printable ASCII, up to 8 KiB, and nothing else");
        }
        return token;
    }

    private static DeliveryException unusable(Path file, String why) {
        return new DeliveryException(Reason.TOKEN_FILE, "token.file " + file + why);
    }
}
