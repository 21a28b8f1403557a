package io.tidewatch.httpclient;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Reads the files that a request needs, anew for each, so that a changed one works at once. */
public final class Credentials {
    private static final int LONGEST_TOKEN = 8 << 10;
    private static final int LONGEST_CERTIFICATES = 2 << 20;

    /** What may stand in a header: a line end in it would smuggle in another header. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private Credentials() {}

    /**
     * Returns the token in a file: the only line, of printable ASCII without blanks, up to 8 KiB.
     *
     * @throws IOException if every user may read it (decision 017), or there is none; the message says what to do
     */
    public static String token(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = RegularFile.open(file)) {
            refuseExposed(file);
            bytes = in.readNBytes(LONGEST_TOKEN + 1);
        } catch (IOException e) {
            throw new IOException("token.file " + file + " is not used: " + FileFailure.reason(e), e);
        }
        String token = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        if (bytes.length > LONGEST_TOKEN || !TOKEN.matcher(token).matches()) {
            throw new IOException("token.file " + file + " contains no token: one line of printable ASCII up to 8 KiB");
        }
        return token;
    }

    private static void refuseExposed(Path file) throws IOException {
        try {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
            if (rights.contains(PosixFilePermission.OTHERS_READ)) {
                throw new IOException("every user of this machine may, as its rights are "
                        + PosixFilePermissions.toString(rights) + "; run: chmod o-rwx " + file);
            }
        } catch (UnsupportedOperationException e) {
            // This file system has no such permissions.
        }
    }

    /**
     * Returns what makes TLS connections to servers whose certificates those in a file sign.
     *
     * @throws IOException if the file cannot be read or contains none; the message says what to do
     */
    public static SSLSocketFactory trusting(Path file) throws IOException {
        try {
            InputStream in = new ByteArrayInputStream(RegularFile.read(file, LONGEST_CERTIFICATES));
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, certificate);
            }
            if (count == 0) {
                throw new IOException("ca.file " + file + " contains no certificate in PEM");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (FileSystemException e) {
            throw new IOException("ca.file " + file + " is not used: " + FileFailure.reason(e), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("ca.file " + file + " contains no certificates in PEM: " + e.getMessage(), e);
        }
    }
}
