package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.TestCertificates;
import io.tidewatch.uploader.victoriametrics.http.Connector;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others get by the target reaches the server in the way of the uploads. */
@Timeout(60)
final class ServerTargetTest {
    @TempDir
    static Path shared;

    private static TestCertificates certificates;
    private static TestCertificates others;

    @TempDir
    Path folder;

    private final Map<String, String> keys = new HashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Connector connector =
            new Connector(host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, System::nanoTime);
    private HttpServer server;

    /** A request as the server saw it. */
    private record Seen(String method, URI uri, Headers headers) {}

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates = new TestCertificates(shared.resolve("own"));
        certificates.sign("server", "ec", "server.test", 100);
        certificates.sign("client", "ec", "client.test", 100);
        others = new TestCertificates(shared.resolve("others"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void hasTheCertificatesOfTheUploads() throws Exception {
        secure();
        assertThatThrownBy(() -> head("/health")).isInstanceOf(SSLException.class);

        keys.put("ca.file", certificates.authority().toString());
        assertThatThrownBy(() -> head("/health")).as("without its own").isInstanceOf(IOException.class);

        keys.put("client.cert.file", certificates.certificate("client").toString());
        keys.put("client.key.file", certificates.key("client").toString());
        assertThat(head("/health?a=%20b")).isEqualTo(204);
        assertThat(seen).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("HEAD");
            assertThat(request.uri()).hasToString("/health?a=%20b");
        });
    }

    @Test
    void readsCertificatesAgain() throws Exception {
        secure();
        Path ca = Files.copy(others.authority(), folder.resolve("ca.pem"));
        keys.put("ca.file", ca.toString());
        keys.put("client.cert.file", certificates.certificate("client").toString());
        keys.put("client.key.file", certificates.key("client").toString());
        ServerTarget target = target();
        assertThatThrownBy(() -> head(target, "/health")).isInstanceOf(SSLException.class);

        Files.copy(certificates.authority(), ca, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(ca, FileTime.fromMillis(1_700_000_000_000L));

        assertThat(head(target, "/health")).isEqualTo(204);
    }

    @Test
    void goesThroughTheTunnelOfTheProxy() throws Exception {
        secure();
        keys.put("ca.file", certificates.authority().toString());
        keys.put("client.cert.file", certificates.certificate("client").toString());
        keys.put("client.key.file", certificates.key("client").toString());
        try (ScriptedProxy proxy = new ScriptedProxy()) {
            keys.put("proxy", "http://joe:s3cret@127.0.0.1:" + proxy.port());

            assertThat(head("/health")).isEqualTo(204);
            assertThat(proxy.heads()).isNotEmpty().allMatch(head -> head.startsWith("CONNECT server.test:"));
        }
    }

    @Test
    void goesThroughTheProxy() throws Exception {
        plain();
        try (ScriptedProxy proxy = new ScriptedProxy()) {
            keys.put("proxy", "http://joe:s3cret@127.0.0.1:" + proxy.port());

            assertThat(head("/health")).isEqualTo(204);
            assertThat(proxy.heads()).singleElement().asString().startsWith("HEAD http://server.test:");
        }
    }

    @Test
    void hasHeadersAndTokenOfTheUploads() throws Exception {
        plain();
        Path token = SecretFile.write(folder.resolve("token"), "s3cret\n");
        keys.put("token.file", token.toString());
        keys.put("headers", "X-Tenant=rig");

        assertThat(head("/health")).isEqualTo(204);
        Files.writeString(token, "an0ther");
        assertThat(head("/health")).isEqualTo(204);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(head("/health")).as("open to everybody").isEqualTo(204);
        Files.delete(token);
        assertThat(head("/health")).as("without a token").isEqualTo(204);

        assertThat(seen)
                .extracting(request -> request.headers().getFirst("Authorization"))
                .containsExactly("Bearer s3cret", "Bearer an0ther", null, null);
        assertThat(seen).allSatisfy(request -> {
            assertThat(request.headers().getFirst("X-Tenant")).isEqualTo("rig");
            assertThat(request.headers().getFirst("User-Agent")).isEqualTo("tidewatch/1");
        });
    }

    @Test
    void aPasswordOfTheUrlIsUsedAndNotShown() throws Exception {
        plain();
        keys.compute("url", (key, url) -> String.valueOf(url).replace("//", "//joe:s3cret@"));

        assertThat(head("/health")).isEqualTo(204);
        assertThat(seen.get(0).headers().getFirst("Authorization")).isEqualTo("Basic am9lOnMzY3JldA==");
        assertThat(target().url().toString()).doesNotContain("s3cret");
    }

    @Test
    void noPathLeadsElsewhere() throws Exception {
        plain();

        List<URL> asked = new ArrayList<>();
        target().connect("//elsewhere.test/health", fresh -> asked.add(fresh.getURL()))
                .disconnect();
        assertThat(asked).singleElement().satisfies(url -> {
            assertThat(url.getHost()).isNotEqualTo("elsewhere.test");
            assertThat(url.getPath()).isEqualTo("//elsewhere.test/health");
        });
        for (String path : List.of("", "health", "http://elsewhere.test/", "@elsewhere.test/", ".elsewhere.test/")) {
            assertThatThrownBy(() -> head(path)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void doesNotFollowRedirects() throws Exception {
        plain(exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });

        assertThat(head("/health")).isEqualTo(302);
    }

    private ServerTarget target() {
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
        return new ServerTarget(settings, connector, ImportClient.userAgent("1"));
    }

    private int head(String path) throws IOException {
        return head(target(), path);
    }

    private static int head(ServerTarget target, String path) throws IOException {
        HttpURLConnection connection = target.connect(path, fresh -> {
            fresh.setRequestMethod("HEAD");
            fresh.setReadTimeout(20_000);
        });
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }

    private void plain() throws IOException {
        plain(exchange -> {
            seen.add(new Seen(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
    }

    private void plain(HttpHandler handler) throws IOException {
        serve(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http", handler);
    }

    /** A server that wants to see a certificate. */
    private void secure() throws Exception {
        HttpsServer created = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext context = certificates.server("server");
        created.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        serve(created, "https", exchange -> {
            seen.add(new Seen(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
    }

    private void serve(HttpServer created, String scheme, HttpHandler handler) {
        server = created;
        server.createContext("/", handler);
        server.start();
        keys.put("url", scheme + "://server.test:" + server.getAddress().getPort() + "/api/v1/import");
    }
}
