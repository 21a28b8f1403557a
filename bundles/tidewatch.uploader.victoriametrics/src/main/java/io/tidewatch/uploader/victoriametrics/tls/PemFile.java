package io.tidewatch.uploader.victoriametrics.tls;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys in PEM (RFC 7468): X.509 certificates, and keys as PKCS #8 ({@code PRIVATE KEY}) or the
 * older PKCS #1 ({@code RSA PRIVATE KEY}), neither of them encrypted.
 *
 * <p>A {@link DeliveryException} names the setting, {@code key}, and says what to do and nothing of a private key.
 */
final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    /** Of the formats that carry no algorithm, tried in this order. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /** AlgorithmIdentifier of rsaEncryption, 1.2.840.113549.1.1.1 with NULL parameters, in DER. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private static final String WANTS_CERTIFICATES =
            " holds no certificates in PEM: it must have a BEGIN CERTIFICATE in it";

    /** The certificates of all public authorities are a quarter of a megabyte. */
    private static final int LONGEST = 2 << 20;

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PemFile() {}

    /** All certificates of a file, in order; at least one. */
    static List<X509Certificate> certificates(String key, Path file) throws DeliveryException {
        byte[] bytes = bytes(key, file);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            throw unusable(key, file, WANTS_CERTIFICATES, e);
        }
        throw unusable(key, file, WANTS_CERTIFICATES, null);
    }

    static PrivateKey privateKey(String key, Path file) throws DeliveryException {
        Matcher block = BLOCK.matcher(new String(bytes(key, file), StandardCharsets.US_ASCII));
        while (block.find()) {
            String type = block.group(1);
            if (type.equals("PRIVATE KEY")) {
                return pkcs8(key, file, decode(block.group(2)));
            }
            if (type.equals("RSA PRIVATE KEY")) {
                return pkcs8(key, file, wrapped(decode(block.group(2))));
            }
            if (type.endsWith("PRIVATE KEY")) {
                String convert = "; convert it: openssl pkcs8 -topk8 -nocrypt -in old.key -out new.key";
                throw unusable(key, file, " holds an " + type + ", which cannot be read" + convert, null);
            }
        }
        throw unusable(key, file, " holds no private key: it must have a BEGIN PRIVATE KEY in it", null);
    }

    private static byte[] bytes(String key, Path file) throws DeliveryException {
        try {
            return RegularFile.read(file, LONGEST);
        } catch (NoSuchFileException e) {
            throw unusable(key, file, " does not exist", e);
        } catch (IOException e) {
            String advice = FileFailure.isPermission(e) ? "check its owner" : "put a file of PEM in its place";
            throw unusable(key, file, " cannot be read (" + FileFailure.reason(e) + "): " + advice, e);
        }
    }

    private static byte[] decode(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static PrivateKey pkcs8(String key, Path file, byte[] der) throws DeliveryException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Of another algorithm.
            }
        }
        throw unusable(key, file, " holds a key that is neither RSA nor EC nor EdDSA, or is damaged", null);
    }

    private static DeliveryException unusable(String key, Path file, String why, @Nullable Exception cause) {
        return new DeliveryException(Reason.TLS_FILE, key + " " + file + why, cause);
    }

    /** PKCS #8 around PKCS #1 (RFC 5208): version 0, the algorithm, the key. */
    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(new byte[] {0x02, 0x01, 0x00});
        content.writeBytes(RSA);
        content.writeBytes(element(OCTET_STRING, pkcs1));
        return element(SEQUENCE, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        // DER wants the shortest form of a length.
        if (content.length < 0x80) {
            element.write(content.length);
        } else if (content.length < 0x100) {
            element.writeBytes(new byte[] {(byte) 0x81, (byte) content.length});
        } else {
            element.writeBytes(new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length});
        }
        element.writeBytes(content);
        return element.toByteArray();
    }
}
