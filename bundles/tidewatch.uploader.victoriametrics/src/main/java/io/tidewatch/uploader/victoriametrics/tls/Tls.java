package io.tidewatch.uploader.victoriametrics.tls;

import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of TLS for the files of the configuration, made anew when a file changes, as certificates are renewed while
 * the agent runs. Files that cannot be used leave those before in force; if there were none, there is no connection.
 *
 * <p>Not safe for use by several threads, but for {@link #problem}.
 */
public final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final char[] NO_PASSWORD = {};

    /** By algorithm of the key: what signs with it. */
    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA", "Ed448", "EdDSA");

    private TlsFiles files = TlsFiles.NONE;
    private List<String> stamp = List.of();
    private @Nullable SSLSocketFactory factory;
    private volatile @Nullable String problem;

    /**
     * The sockets for these files.
     *
     * @return nothing if the system's are meant
     * @throws IOException if the files cannot be used, and were never usable
     */
    public Optional<SSLSocketFactory> factoryFor(TlsFiles wanted) throws IOException {
        if (wanted.equals(TlsFiles.NONE)) {
            files = wanted;
            factory = null;
            problem = null;
            return Optional.empty();
        }
        List<String> now = wanted.stamps();
        if (!wanted.equals(files)) {
            factory = null;
        } else if (now.equals(stamp) && factory != null) {
            return Optional.of(factory);
        }

        files = wanted;
        stamp = now;
        try {
            factory = make(wanted);
            if (problem != null) {
                LOG.info("The certificates can be used again");
            }
            problem = null;
        } catch (IOException e) {
            if (factory == null) {
                problem = null;
                throw e;
            }
            LOG.error("{}; the certificates before stay in force", e.getMessage());
            problem = e.getMessage();
        }
        return Optional.of(factory);
    }

    /** What is wrong with files that have changed, while those before stay in force; null if nothing is. */
    @Nullable
    public String problem() {
        return problem;
    }

    private static SSLSocketFactory make(TlsFiles files) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(files), trustManagers(files), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new DeliveryException(Reason.TLS_FILE, "The certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(TlsFiles files)
            throws IOException, GeneralSecurityException {
        if (files.ca().isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate certificate :
                PemFile.certificates("ca.file", files.ca().get())) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static KeyManager @Nullable [] keyManagers(TlsFiles files) throws IOException, GeneralSecurityException {
        if (files.certificate().isEmpty() && files.key().isEmpty()) {
            return null;
        }
        Path certificate = files.certificate()
                .orElseThrow(() ->
                        new DeliveryException(Reason.TLS_FILE, "client.key.file is set, but not client.cert.file"));
        Path key = files.key()
                .orElseThrow(() ->
                        new DeliveryException(Reason.TLS_FILE, "client.cert.file is set, but not client.key.file"));
        PrivateKey privateKey = PemFile.privateKey("client.key.file", key);
        X509Certificate[] chain =
                PemFile.certificates("client.cert.file", certificate).toArray(X509Certificate[]::new);
        if (!belongTogether(privateKey, chain[0].getPublicKey())) {
            throw new DeliveryException(
                    Reason.TLS_FILE,
                    "client.key.file " + key + " is not the key of client.cert.file " + certificate
                            + ": put the two of one pair there");
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey, NO_PASSWORD, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    /** Whether the one verifies what the other signs: when a pair is renewed, one file comes before the other. */
    private static boolean belongTogether(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        if (!SIGNATURES.getOrDefault(other.getAlgorithm(), "").equals(SIGNATURES.get(key.getAlgorithm()))) {
            return false;
        }
        byte[] anything = {1, 2, 3};
        Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(anything);
        return signature.verify(signed);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
