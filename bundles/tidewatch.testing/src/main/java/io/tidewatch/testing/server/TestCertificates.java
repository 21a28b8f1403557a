package io.tidewatch.testing.server;

import io.tidewatch.testing.collector.RealMachine;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority and what it signs, made by openssl in a folder of the test's. Not safe for use by several threads. */
public final class TestCertificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    public TestCertificates(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 1000"
                + " -subj /CN=authority");
    }

    /** The authority, for ca.file. */
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /**
     * @param algorithm as openssl has it: {@code rsa:2048} or {@code ec}
     * @param dnsName the name that it is for
     * @param days from now until it runs out; -1: it has
     */
    public void sign(String name, String algorithm, String dnsName, int days) throws Exception {
        String curve = algorithm.equals("ec") ? " -pkeyopt ec_paramgen_curve:P-256" : "";
        openssl("req -newkey " + algorithm + curve + " -nodes -keyout " + name + ".key -out " + name + ".csr -subj /CN="
                + name);
        Files.writeString(folder.resolve("extensions"), "subjectAltName=DNS:" + dnsName);
        openssl("x509 -req -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -in " + name + ".csr -out "
                + name + ".pem -days " + days);
        openssl("pkcs12 -export -in " + name + ".pem -inkey " + name + ".key -out " + name + ".p12 -passout pass:"
                + PASSWORD);
    }

    /** Certificate of what was signed, in PEM. */
    public Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    /** Its private key in PEM, PKCS #8. */
    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** The private key of an RSA certificate in PEM, PKCS #1. */
    public Path oldKey(String name) throws Exception {
        openssl("rsa -traditional -in " + name + ".key -out " + name + ".old.key");
        return folder.resolve(name + ".old.key");
    }

    /** What a server needs that shows this certificate, and wants one of the authority's from clients. */
    public SSLContext server(String name) throws Exception {
        KeyStore own = KeyStore.getInstance(folder.resolve(name + ".p12").toFile(), PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority())) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private void openssl(String arguments) throws Exception {
        RealMachine.run("sh", "-c", "cd \"$0\" && openssl " + arguments, folder.toString());
    }
}
