package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a request: the bearer token of a file, read again when the file changes, else the user info of the
 * URL. Secrets stay in here and in the request.
 *
 * <p>Safe for use by several threads.
 */
final class Authorization {
    private final Optional<Path> tokenFile;
    private final Optional<String> userInfo;
    private @Nullable FileTime readAt;
    private @Nullable String token;

    Authorization(Optional<Path> tokenFile, Optional<String> userInfo) {
        this.tokenFile = tokenFile;
        this.userInfo = userInfo;
    }

    /**
     * The value of the header {@code Authorization}, or empty if there is none.
     *
     * @throws IOException if the token file cannot be read or holds no token; the message says what to do
     */
    synchronized Optional<String> header() throws IOException {
        Optional<String> bearer = bearerToken();
        if (bearer.isPresent()) {
            return bearer.map(value -> "Bearer " + value);
        }
        return userInfo.map(
                value -> "Basic " + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The bearer token, or empty if none is configured.
     *
     * @throws IOException as {@link #header()}
     */
    synchronized Optional<String> bearerToken() throws IOException {
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        Path file = tokenFile.get();
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (token == null || !changed.equals(readAt)) {
                token = Files.readString(file).strip();
                readAt = changed;
            }
        } catch (IOException e) {
            forget();
            throw new IOException(
                    "The token file " + file + " cannot be read ("
                            + e.getClass().getSimpleName() + "); check token.file",
                    e);
        }
        if (token.isEmpty() || token.chars().anyMatch(c -> c < ' ' || c > '~')) {
            forget();
            throw new IOException(
                    "The token file " + file + " holds no token of printable characters; check token.file");
        }
        return Optional.of(token);
    }

    /** Reads the file again next time, whatever its time of change: the server did not know the token. */
    synchronized void forget() {
        token = null;
        readAt = null;
    }
}
