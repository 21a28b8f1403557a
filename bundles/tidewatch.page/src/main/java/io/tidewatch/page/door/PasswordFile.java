package io.tidewatch.page.door;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;

/** A password in the first line of a file, read each time: a changed one is in force at once. */
record PasswordFile(Path file) {
    private static final int SHORTEST = 8;
    private static final int LONGEST = 1024;
    private static final String BASIC = "Basic ";

    /**
     * Whether the header has the password; the name of the user does not matter.
     *
     * @param authorization the header {@code Authorization}, of the scheme Basic (RFC 7617)
     * @throws IOException if there is no password; the message says what to do
     */
    boolean isIn(String authorization) throws IOException {
        byte[] password = read();
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return false;
        }
        try {
            String decoded = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).strip()),
                    StandardCharsets.ISO_8859_1);
            int colon = decoded.indexOf(':');
            byte[] given =
                    colon < 0 ? new byte[0] : decoded.substring(colon + 1).getBytes(StandardCharsets.ISO_8859_1);
            // Takes as long for any password of one length.
            return MessageDigest.isEqual(given, password);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** @throws IOException if there is no password; the message says what to do */
    byte[] read() throws IOException {
        byte[] bytes;
        try (InputStream content = RegularFile.open(file)) {
            bytes = content.readNBytes(LONGEST + 1);
        } catch (IOException e) {
            throw new IOException(
                    "password.file " + file + " cannot be read (" + FileFailure.reason(e)
                            + "); "
                            + FileFailure.cure(e, "write the password into a file there"),
                    e);
        }
        byte[] password = new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip()
                .getBytes(StandardCharsets.UTF_8);
        if (password.length < SHORTEST || bytes.length > LONGEST) {
            throw new IOException("password.file " + file + " has no password of " + SHORTEST + " to " + LONGEST
                    + " bytes in its first line; write one");
        }
        return password;
    }
}
