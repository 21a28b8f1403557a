package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Status;
import io.tidewatch.testing.server.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private final FakeConfigurations configurations = new FakeConfigurations();
    private final HttpServer server = new HttpServer(
            new JettyConfiguration(configurations.admin()), Duration.ofMillis(200), Duration.ofMillis(50));

    @AfterEach
    void close() throws InterruptedException {
        server.close();
        assertThat(keepers()).isZero();
    }

    @Test
    void tellsJettyWhereToListenAndWhatItMayUse() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        int port = FreePort.next();

        server.listen(new ListenAddress("127.0.0.1", port));

        await().until(() -> server.health().details().get("url") != null);
        assertThat(configurations.updates()).hasSize(1);
        assertThat(configurations.updates().get(0))
                .containsEntry("org.apache.felix.http.host", "127.0.0.1")
                .containsEntry("org.osgi.service.http.port", Integer.toString(port))
                .containsEntry("org.apache.felix.http.jetty.sendServerHeader", "false")
                .containsEntry("org.apache.felix.http.jetty.threadpool.max", "5");
        assertThat(server.health().status()).isEqualTo(Status.OK);
        assertThat(server.health().details()).containsEntry("url", "http://127.0.0.1:" + port + "/health");
        await().untilAsserted(() -> assertThat(keepers()).isZero());
    }

    @Test
    void leavesAServerAloneThatIsRightAlready() throws IOException {
        int port = FreePort.next();
        ListenAddress address = new ListenAddress("127.0.0.1", port);
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        server.listen(address);
        await().until(() -> server.health().details().get("url") != null);
        await().untilAsserted(() -> assertThat(keepers()).isZero());

        HttpServer next = new HttpServer(
                new JettyConfiguration(configurations.admin()), Duration.ofSeconds(30), Duration.ofSeconds(30));
        next.listen(address);
        next.started(runtime(configurations.updates().get(0)));
        server.listen(address);

        await().untilAsserted(() -> assertThat(keepers()).isZero());
        assertThat(configurations.updates()).hasSize(1);
        assertThat(next.health().status()).isEqualTo(Status.OK);
    }

    /** The next question about health finds one. */
    @Test
    void aChangeForWhichThereIsNoThreadTakesEffectWhenThereIsOne() throws Exception {
        AtomicBoolean withoutThreads = new AtomicBoolean(true);
        HttpServer own = new HttpServer(
                new JettyConfiguration(configurations.admin()),
                Duration.ofMillis(200),
                Duration.ofMillis(50),
                thread -> {
                    if (withoutThreads.get()) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    thread.start();
                });
        configurations.onUpdate(properties -> own.started(runtime(properties)));
        int port = FreePort.next();

        own.listen(new ListenAddress("127.0.0.1", port));
        assertThat(own.health().message())
                .startsWith("Health cannot be served at 127.0.0.1:" + port + " (unable to create native thread)");

        withoutThreads.set(false);
        await().until(() -> ("http://127.0.0.1:" + port + "/health")
                .equals(own.health().details().get("url")));
        assertThat(own.health().status()).isEqualTo(Status.OK);
        own.close();
    }

    @Test
    void keepsWhatAnOperatorAdded() throws IOException {
        configurations.preset(Map.of("org.apache.felix.http.session.timeout", "5", "org.osgi.service.http.port", "1"));
        configurations.onUpdate(properties -> server.started(runtime(properties)));

        server.listen(new ListenAddress("127.0.0.1", FreePort.next()));

        await().until(() -> !configurations.updates().isEmpty());
        assertThat(configurations.updates().get(0))
                .containsEntry("org.apache.felix.http.session.timeout", "5")
                .doesNotContainEntry("org.osgi.service.http.port", "1");
    }

    @Test
    void anAddressInUseIsReportedAndTakenWhenItIsFree() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        int port;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            server.listen(new ListenAddress("127.0.0.1", port));

            await().until(() -> server.health().status() == Status.DEGRADED);
            assertThat(server.health().message())
                    .isEqualTo("Health cannot be served at 127.0.0.1:" + port
                            + " (Address already in use by java, process "
                            + ProcessHandle.current().pid()
                            + "); free the port or change address in tidewatch.health.cfg");
            assertThat(configurations.updates()).isEmpty();
        }

        await().until(() -> server.health().status() == Status.OK);
        assertThat(server.health().details()).containsEntry("url", "http://127.0.0.1:" + port + "/health");
    }

    /** As while the bundle of ConfigurationAdmin is updated. */
    @Test
    void anErrorThatNoneExpectsIsReportedAndTriedAgain() throws IOException {
        AtomicBoolean over = new AtomicBoolean();
        configurations.onUpdate(properties -> {
            if (!over.get()) {
                throw new NoClassDefFoundError("org/osgi/service/cm/ConfigurationAdmin");
            }
            server.started(runtime(properties));
        });

        server.listen(new ListenAddress("127.0.0.1", FreePort.next()));

        await().until(() -> server.health().message().contains("NoClassDefFoundError"));
        over.set(true);
        await().until(() -> server.health().status() == Status.OK
                && server.health().details().get("url") != null);
    }

    @Test
    void aServerThatIsUpStaysWhileTheNewAddressIsInUse() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        int first = FreePort.next();
        server.listen(new ListenAddress("127.0.0.1", first));
        await().until(() -> server.health().details().get("url") != null);

        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.listen(new ListenAddress("127.0.0.1", other.getLocalPort()));

            await().until(() -> server.health().status() == Status.DEGRADED);
            assertThat(server.health().message()).contains("it stays at http://127.0.0.1:" + first + "/health");
            assertThat(configurations.updates()).hasSize(1);
        }
        await().until(() -> server.health().status() == Status.OK);
    }

    @Test
    void thePortThatIsServedAlreadyIsNotTakenForOneInUse() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        int port = FreePort.next();
        server.listen(new ListenAddress("127.0.0.1", port));
        await().until(() -> server.health().details().get("url") != null);

        try (ServerSocket jetty = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            server.listen(new ListenAddress("0.0.0.0", port));

            await().until(() -> configurations.updates().size() == 2);
        }
        assertThat(configurations.updates().get(1)).containsEntry("org.apache.felix.http.host", "0.0.0.0");
    }

    @Test
    void aHostThatIsNotOursIsReportedEvenWithThePortThatIsServed() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        int port = FreePort.next();
        server.listen(new ListenAddress("127.0.0.1", port));
        await().until(() -> server.health().details().get("url") != null);

        // TEST-NET-1, RFC 5737: nobody's address.
        server.listen(new ListenAddress("192.0.2.1", port));

        await().until(() -> server.health().status() == Status.DEGRADED);
        assertThat(server.health().message()).contains("192.0.2.1").contains("it stays at");
        assertThat(configurations.updates()).hasSize(1);
    }

    @Test
    void aServerThatDoesNotComeUpIsReportedAndTriedAgain() throws IOException {
        server.listen(new ListenAddress("127.0.0.1", FreePort.next()));

        await().until(() -> server.health().status() == Status.DEGRADED);
        assertThat(server.health().message()).contains("did not start");
        await().until(() -> configurations.updates().size() >= 3);
        assertThat(configurations.updates()).doesNotHaveDuplicates();

        server.started(runtime(configurations.updates().get(0)));
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        await().until(() -> server.health().status() == Status.OK);
    }

    @Test
    void aServerThatGoesIsMissedAndWelcomedBack() throws IOException {
        configurations.onUpdate(properties -> server.started(runtime(properties)));
        server.listen(new ListenAddress("127.0.0.1", FreePort.next()));
        await().until(() -> server.health().details().get("url") != null);

        configurations.onUpdate(properties -> {});
        server.stopped();
        assertThat(server.health().details()).containsEntry("url", null);
        await().until(() -> server.health().status() == Status.DEGRADED);

        configurations.onUpdate(properties -> server.started(runtime(properties)));
        await().until(() -> server.health().status() == Status.OK);
    }

    @Test
    void onAllAddressesItNamesTheLoopback() {
        assertThat(urlOf("http://a:9100/", "http://b:9100/")).isEqualTo("http://127.0.0.1:9100/health");
    }

    @Test
    void aConnectorWithoutAPortIsNotItsAddress() {
        assertThat(urlOf("http://a:9100/", "http://127.0.0.1:0/")).isEqualTo("http://a:9100/health");
    }

    private String urlOf(String... endpoints) {
        server.started(Map.of("org.osgi.service.http.port", "9100", "osgi.http.endpoint", endpoints));
        return String.valueOf(server.health().details().get("url"));
    }

    private static Map<String, Object> runtime(Map<String, Object> jetty) {
        Object port = jetty.get("org.osgi.service.http.port");
        return Map.of("org.osgi.service.http.port", port, "osgi.http.endpoint", new String[] {
            "http://" + jetty.get("org.apache.felix.http.host") + ":" + port + "/"
        });
    }

    private static long keepers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("tidewatch-health"))
                .count();
    }
}
