package io.tidewatch.uploader.victoriametrics.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.OddFile;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.TestCertificates;
import io.tidewatch.uploader.victoriametrics.ScriptedProxy;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.http.Connector;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsTest {
    @TempDir
    static Path shared;

    private static TestCertificates certificates;
    private static TestCertificates others;

    @TempDir
    Path folder;

    private final AtomicInteger connections = new AtomicInteger();

    /** Who clients said that they are. */
    private final Set<String> shown = Collections.synchronizedSet(new LinkedHashSet<>());

    private final Set<String> headers = ConcurrentHashMap.newKeySet();
    private final ImportClient client = new ImportClient(
            "1",
            new Connector(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, System::nanoTime),
            () -> 0,
            Duration.ofSeconds(3));
    private HttpsServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(shared.resolve("own"));
        certificates.sign("server", "rsa:2048", "server.test", 100);
        certificates.sign("expired", "rsa:2048", "server.test", -1);
        certificates.sign("client", "ec", "client.test", 100);
        certificates.sign("rsa", "rsa:2048", "client.test", 100);
        certificates.sign("renewed", "rsa:2048", "client.test", 100);
        others = new TestCertificates(shared.resolve("others"));
        others.sign("server", "ec", "server.test", 100);
    }

    @AfterEach
    void stop() {
        client.close();
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void trustsTheAuthorityOfTheConfigurationAlone() throws Exception {
        start(certificates.server("server"), false);

        assertThat(post(Map.of("ca.file", certificates.authority())).status()).isEqualTo(204);
        assertThatThrownBy(() -> post(Map.of("ca.file", others.authority()))).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> post(Map.of())).isInstanceOf(SSLException.class);
    }

    @Test
    void wantsTheNameOfTheUrlInTheCertificate() throws Exception {
        start(certificates.server("server"), false);

        assertThatThrownBy(() -> post("other.test", Map.of("ca.file", certificates.authority())))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("other.test");
    }

    /** Case C10, with https. */
    @Test
    void knowsTheCertificateOfANameWhoseLastLabelBeginsWithADigit() throws Exception {
        certificates.sign("digit", "ec", "vm.4g", 100);
        start(certificates.server("digit"), false);

        assertThat(post("vm.4g", Map.of("ca.file", certificates.authority())).status())
                .isEqualTo(204);
    }

    @Test
    void refusesACertificateThatHasRunOut() throws Exception {
        start(certificates.server("expired"), false);

        assertThatThrownBy(() -> post(Map.of("ca.file", certificates.authority())))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void showsItsCertificate() throws Exception {
        start(certificates.server("server"), true);

        assertThatThrownBy(() -> post(Map.of("ca.file", certificates.authority())))
                .isInstanceOf(IOException.class);
        for (Path key : List.of(certificates.key("rsa"), certificates.oldKey("rsa"))) {
            assertThat(post(Map.of(
                                    "ca.file",
                                    certificates.authority(),
                                    "client.cert.file",
                                    certificates.certificate("rsa"),
                                    "client.key.file",
                                    key))
                            .status())
                    .isEqualTo(204);
        }
        assertThat(post(Map.of(
                                "ca.file",
                                certificates.authority(),
                                "client.cert.file",
                                certificates.certificate("client"),
                                "client.key.file",
                                certificates.key("client")))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void readsFilesAgainWhenTheyChangeAndKeepsTheGoodOnes() throws Exception {
        start(certificates.server("server"), false);
        Path ca = folder.resolve("ca.pem");
        Files.copy(others.authority(), ca);
        Map<String, Path> files = Map.of("ca.file", ca);
        assertThatThrownBy(() -> post(files)).isInstanceOf(SSLException.class);

        replace(certificates.authority(), ca, 1);
        assertThat(post(files).status()).isEqualTo(204);
        assertThat(client.tlsProblem()).isNull();

        Files.writeString(ca, "no certificate");
        assertThat(post(files).status()).as("with the one before").isEqualTo(204);
        assertThat(client.tlsProblem()).contains("ca.file " + ca, "BEGIN CERTIFICATE");

        replace(certificates.authority(), ca, 2);
        assertThat(post(files).status()).isEqualTo(204);
        assertThat(client.tlsProblem()).isNull();
    }

    @Test
    void showsARenewedCertificateOnceItsKeyHasCome() throws Exception {
        start(certificates.server("server"), true);
        Path certificate = Files.copy(certificates.certificate("rsa"), folder.resolve("client.pem"));
        Path key = Files.copy(certificates.key("rsa"), folder.resolve("client.key"));
        Map<String, Path> files =
                Map.of("ca.file", certificates.authority(), "client.cert.file", certificate, "client.key.file", key);
        assertThat(post(files).status()).isEqualTo(204);

        replace(certificates.certificate("renewed"), certificate, 1);
        assertThat(post(files).status()).as("with the pair before").isEqualTo(204);
        assertThat(client.tlsProblem()).contains("is not the key of client.cert.file");
        assertThat(shown).containsExactly("CN=rsa");

        replace(certificates.key("renewed"), key, 2);
        assertThat(post(files).status()).isEqualTo(204);
        assertThat(client.tlsProblem()).isNull();
        assertThat(shown).containsExactly("CN=rsa", "CN=renewed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "door.test"})
    void goesThroughATunnelOfAProxy(String host) throws Exception {
        start(certificates.server("server"), true);
        try (ScriptedProxy proxy = new ScriptedProxy()) {
            Map<String, String> keys = keys(
                    "server.test",
                    Map.of(
                            "ca.file", certificates.authority(),
                            "client.cert.file", certificates.certificate("client"),
                            "client.key.file", certificates.key("client")));
            keys.put("proxy", "http://joe:s3cret@" + host + ":" + proxy.port());

            assertThat(send(keys).status()).isEqualTo(204);
            assertThat(send(keys).status()).isEqualTo(204);

            assertThat(proxy.heads())
                    .allMatch(head -> head.startsWith("CONNECT server.test:"))
                    .noneMatch(head -> head.contains("x-ndjson"));
            assertThat(connections).as("kept through the tunnel").hasValue(1);
            assertThat(headers)
                    .noneMatch(header -> header.toLowerCase(Locale.ROOT).startsWith("proxy"));
        }
    }

    @Test
    void keepsAConnectionForTheNextChunk() throws Exception {
        start(certificates.server("server"), false);

        for (int i = 0; i < 5; i++) {
            assertThat(post(Map.of("ca.file", certificates.authority())).status())
                    .isEqualTo(204);
        }

        assertThat(connections).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
            })
    void saysWhatIsWrongWithAKey(String text) throws Exception {
        start(certificates.server("server"), true);
        Path key = SecretFile.write(folder.resolve("key"), text);

        assertThatThrownBy(() ->
                        post(Map.of("client.cert.file", certificates.certificate("client"), "client.key.file", key)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("client.key.file " + key);
    }

    @Test
    void aKeyThatEveryUserMayReadIsNotUsed() throws Exception {
        start(certificates.server("server"), true);
        Path key = certificates.key("client");
        Map<String, Path> files = Map.of(
                "ca.file", certificates.authority(),
                "client.cert.file", certificates.certificate("client"),
                "client.key.file", key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(post(files).status()).isEqualTo(204);

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> post(files))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.EXPOSED_SECRET, DeliveryException::reason)
                .hasMessageContaining("client.key.file " + key + " has mode 0644");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(post(files).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void whatIsNoFileIsNotRead(OddFile odd) throws Exception {
        start(certificates.server("server"), false);
        Path file = odd.make(folder.resolve("ca.pem"));

        assertThatThrownBy(() -> post(Map.of("ca.file", file)))
                .hasMessage(
                        "ca.file " + file + " cannot be read (" + odd.reason() + "): put a file of PEM in its place");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        start(certificates.server("server"), true);

        assertThatThrownBy(() -> post(Map.of("ca.file", folder.resolve("absent"))))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> post(Map.of("client.key.file", certificates.key("client"))))
                .hasMessageContaining("client.cert.file");
        assertThatThrownBy(() -> post(Map.of("client.cert.file", certificates.certificate("client"))))
                .hasMessageContaining("client.key.file");
        assertThatThrownBy(() -> post(Map.of(
                        "client.cert.file", certificates.certificate("client"),
                        "client.key.file", certificates.key("rsa"))))
                .hasMessageContaining("is not the key of");
    }

    private static void replace(Path with, Path file, int age) throws IOException {
        Files.copy(with, file, StandardCopyOption.REPLACE_EXISTING);
        // Two changes within the same tick of a file system's clock are no two changes to a stamp.
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L + age * 1000L));
    }

    private void start(SSLContext context, boolean needsClient) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                connections.incrementAndGet();
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(needsClient);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            headers.addAll(exchange.getRequestHeaders().keySet());
            if (needsClient) {
                shown.add(((HttpsExchange) exchange)
                        .getSSLSession()
                        .getPeerPrincipal()
                        .getName());
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    private Reply post(Map<String, Path> files) throws IOException {
        return post("server.test", files);
    }

    private Reply post(String name, Map<String, Path> files) throws IOException {
        return send(keys(name, files));
    }

    private Map<String, String> keys(String name, Map<String, Path> files) {
        Map<String, String> keys = new HashMap<>();
        files.forEach((key, file) -> keys.put(key, file.toString()));
        keys.put("url", "https://" + name + ":" + server.getAddress().getPort() + "/api/v1/import");
        return keys;
    }

    private Reply send(Map<String, String> keys) throws IOException {
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
        return client.post(settings, Optional.empty(), new byte[10], 10);
    }
}
