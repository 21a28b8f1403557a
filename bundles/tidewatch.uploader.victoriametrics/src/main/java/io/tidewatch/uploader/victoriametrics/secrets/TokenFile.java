package io.tidewatch.uploader.victoriametrics.secrets;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Reads the bearer token. It is read for every request: a new token works at once, whether it came before or behind the
 * refusal of the old one, and there is no copy that could be stale.
 */
public final class TokenFile {
    private static final String KEY = "token.file";
    private static final int LONGEST = 8 << 10;

    /** What may stand in a header: a line end in it would be a way to smuggle another header. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private TokenFile() {}

    /**
     * The token, without white space around it.
     *
     * @throws DeliveryException {@link Reason#EXPOSED_SECRET} if every user may read it, {@link Reason#TOKEN_FILE} if there is
     *     none, or it can be none
     */
    public static String read(Path file) throws DeliveryException {
        ExposedSecrets.refuse(KEY, file);
        byte[] bytes;
        try (var in = RegularFile.open(file)) {
            // One more than it should hold, to see whether it grows meanwhile; not much more, since this is read often.
            bytes = in.readNBytes((int) Math.min(Files.size(file), LONGEST) + 1);
        } catch (NoSuchFileException e) {
            throw new DeliveryException(
                    Reason.TOKEN_FILE, KEY + " " + file + " does not exist: write the token into it");
        } catch (AccessDeniedException e) {
            throw new DeliveryException(
                    Reason.TOKEN_FILE, KEY + " " + file + " may not be read by this user: check its owner");
        } catch (IOException e) {
            throw new DeliveryException(
                    Reason.TOKEN_FILE, KEY + " " + file + " cannot be read: " + FileFailure.reason(e));
        }
        String token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        if (bytes.length > LONGEST || !TOKEN.matcher(token).matches()) {
            throw new DeliveryException(
                    Reason.TOKEN_FILE,
                    KEY + " " + file + " must hold one token of printable ASCII, up to 8 KiB, and nothing else");
        }
        return token;
    }
}
