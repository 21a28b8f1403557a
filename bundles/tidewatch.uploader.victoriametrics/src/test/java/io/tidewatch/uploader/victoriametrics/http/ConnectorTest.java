package io.tidewatch.uploader.victoriametrics.http;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.httpclient.Names;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.uploader.victoriametrics.ScriptedProxy;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Breakdown;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.HttpProxy;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the server is reached: by which address, through which proxy. */
@Timeout(60)
final class ConnectorTest {
    private static final byte[] BODY = gzip("{\"metric\":{\"__name__\":\"a\"},\"values\":[1],\"timestamps\":[1]}\n");

    private final List<AutoCloseable> open = new ArrayList<>();
    private ScriptedReceiver receiver;

    @BeforeEach
    void start() throws IOException {
        receiver = ScriptedReceiver.start();
        open.add(receiver);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void triesEveryAddressAndRemembersTheOneThatAnswered() throws Exception {
        List<String> asked = new ArrayList<>();
        ImportClient client = client(host -> {
            asked.add(host);
            // The first is a network that cannot be reached, as with an IPv6 address on most devices; nobody listens at
            // the next two.
            return new InetAddress[] {address("224.0.0.1"), address("::1"), address("127.0.0.2"), address("127.0.0.1")};
        });

        assertThat(post(client, "http://server.test:" + port(), Map.of()).status())
                .isEqualTo(204);
        assertThat(post(client, "http://server.test:" + port(), Map.of()).status())
                .isEqualTo(204);

        assertThat(asked).containsExactly("server.test", "server.test");
        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.requests().get(0).headers().get("Host")).isEqualTo("server.test:" + port());
    }

    /** Case C10: {@link java.net.URI} knows neither host nor port of these. */
    @ParameterizedTest
    @ValueSource(strings = {"victoria_metrics", "vm.4g", "server.1st"})
    void reachesHostsThatTheJdkDislikes(String host) throws Exception {
        List<String> asked = new ArrayList<>();
        ImportClient client = client(name -> {
            asked.add(name);
            return new InetAddress[] {address("127.0.0.1")};
        });

        assertThat(post(client, "http://" + host + ":" + port(), Map.of()).status())
                .isEqualTo(204);

        assertThat(asked).containsExactly(host);
        assertThat(receiver.requests()).singleElement().satisfies(request -> assertThat(request.headers())
                .containsEntry("Host", host + ":" + port()));
    }

    @Test
    void followsANameThatMoves() throws Exception {
        List<InetAddress> now = new CopyOnWriteArrayList<>(List.of(address("127.0.0.2")));
        ImportClient client = client(host -> now.toArray(InetAddress[]::new));
        assertThatThrownBy(() -> post(client, "http://server.test:" + port(), Map.of()))
                .isInstanceOf(ConnectException.class);

        now.set(0, address("127.0.0.1"));

        assertThat(post(client, "http://server.test:" + port(), Map.of()).status())
                .isEqualTo(204);
    }

    @Test
    void saysWhenANameIsNotKnown() {
        ImportClient client = client(host -> {
            throw new UnknownHostException(host);
        });

        assertThatThrownBy(() -> post(client, "http://server.test:1", Map.of()))
                .isInstanceOf(UnknownHostException.class);
    }

    /** As behind a captive portal, where the lookup of the system takes minutes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNameServerThatDoesNotAnswerEndsTheRequestAndIsNamed(boolean byProxy) throws Exception {
        ScriptedProxy proxy = new ScriptedProxy();
        open.add(proxy);
        CountDownLatch answer = new CountDownLatch(1);
        ImportClient client = client(host -> {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new InetAddress[] {address("127.0.0.1")};
        });
        Map<String, String> settings = byProxy
                ? Map.of("proxy", "http://joe:s3cret@door.test:" + proxy.port(), "timeout", "1s")
                : Map.of("timeout", "1s");
        String server = "http://server.test:" + port();
        String asked = byProxy ? "door.test" : "server.test";

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> post(client, server, settings))
                    .asInstanceOf(throwable(IOException.class))
                    .extracting(e -> Breakdown.of(e, endpoint(server), () -> true))
                    .returns(byProxy ? Reason.PROXY : Reason.UNKNOWN_HOST, Failure::reason)
                    .extracting(Failure::message, as(STRING))
                    .contains("no name server has answered in time what the address of " + asked + " is;"
                            + " check the network of this device and its name servers");
        }
        answer.countDown();

        assertThat(post(client, server, byProxy ? Map.of("proxy", settings.get("proxy")) : Map.of())
                        .status())
                .isEqualTo(204);
        assertThat(proxy.heads()).hasSize(byProxy ? 1 : 0);
    }

    @Test
    void triesEveryAddressOfAProxy() throws Exception {
        ScriptedProxy proxy = new ScriptedProxy();
        open.add(proxy);
        ImportClient client =
                client(host -> new InetAddress[] {address("224.0.0.1"), address("127.0.0.2"), address("127.0.0.1")});

        assertThat(post(
                                client,
                                "http://server.test:" + port(),
                                Map.of("proxy", "http://joe:s3cret@door.test:" + proxy.port()))
                        .status())
                .isEqualTo(204);
        assertThat(proxy.heads()).hasSize(1);
    }

    @Test
    void goesThroughAProxyAndLogsInThere() throws Exception {
        ScriptedProxy proxy = new ScriptedProxy();
        open.add(proxy);
        ImportClient client = client(InetAddress::getAllByName);
        String target = "http://127.0.0.1:" + port();

        assertThat(post(client, target, Map.of("proxy", "http://127.0.0.1:" + proxy.port()))
                        .status())
                .isEqualTo(407);
        assertThat(post(client, target, Map.of("proxy", "http://joe:s3cret@127.0.0.1:" + proxy.port()))
                        .status())
                .isEqualTo(204);

        assertThat(proxy.heads()).allMatch(head -> head.startsWith("POST " + target + "/api/v1/import HTTP/1.1"));
        assertThat(receiver.requests()).singleElement().satisfies(request -> assertThat(request.headers())
                .doesNotContainKey("Proxy-Authorization"));
    }

    @Test
    void saysWhenItIsTheProxyThatFails() throws Exception {
        ScriptedProxy proxy = new ScriptedProxy();
        open.add(proxy);
        ImportClient client = client(InetAddress::getAllByName);
        Map<String, String> wrong = Map.of("proxy", "http://joe:wr0ng@127.0.0.1:" + proxy.port());

        assertThatThrownBy(() -> post(client, "https://server.test:1", wrong))
                .asInstanceOf(throwable(DeliveryException.class))
                .returns(Reason.PROXY, DeliveryException::reason)
                .hasMessageContaining("407")
                .hasMessageContaining("check the user and password in proxy")
                .hasMessageNotContaining("wr0ng");

        // Nobody listens there.
        String absent = "127.0.0.2:" + port();
        for (String url : List.of("http://server.test:1", "https://server.test:1")) {
            assertThatThrownBy(() -> post(client, url, Map.of("proxy", "http://joe:wr0ng@" + absent)))
                    .asInstanceOf(throwable(DeliveryException.class))
                    .returns(Reason.PROXY, DeliveryException::reason)
                    .hasMessageContaining("no connection through the proxy http://" + absent)
                    .hasMessageNotContaining("wr0ng");
        }
    }

    @Test
    void goesOnWhereTheLastRequestLeftOff() throws Exception {
        Addresses addresses = new Addresses(
                host -> new InetAddress[] {address("10.0.0.1"), address("10.0.0.2"), address("10.0.0.3")});
        assertThat(addresses.of("x", Duration.ofSeconds(10))).first().isEqualTo(address("10.0.0.1"));
        addresses.failed(address("10.0.0.1"));
        assertThat(addresses.of("x", Duration.ofSeconds(10)))
                .containsExactly(address("10.0.0.2"), address("10.0.0.3"), address("10.0.0.1"));
        addresses.failed(address("10.0.0.2"));
        addresses.failed(address("10.0.0.3"));
        assertThat(addresses.of("x", Duration.ofSeconds(10))).first().isEqualTo(address("10.0.0.1"));
        addresses.worked(address("10.0.0.3"));
        assertThat(addresses.of("x", Duration.ofSeconds(10))).first().isEqualTo(address("10.0.0.3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy:3128",
                "http://joe:s3cret@proxy",
                "socks://joe:s3cret@proxy:1",
                "http://:s3cret@:1",
                "http://p:1/x"
            })
    void refusesWhatIsNoProxyWithoutShowingAPassword(String value) {
        assertThatThrownBy(() -> HttpProxy.parse("proxy", value))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("http://proxy:3128")
                .hasMessageNotContaining("s3cret");
        assertThat(HttpProxy.parse("proxy", " ")).isEmpty();
        assertThat(HttpProxy.parse("proxy", "direct")).isEmpty();
        assertThat(HttpProxy.parse("proxy", "http://joe:s3cret@[::1]:3128").orElseThrow())
                .hasToString("http://[::1]:3128");
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private ImportClient client(Names.Lookup lookup) {
        ImportClient client =
                new ImportClient("1", new Connector(lookup, System::nanoTime), () -> 0, Duration.ofSeconds(3));
        open.add(client);
        return client;
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getAllByName(literal)[0];
    }

    private int port() {
        return receiver.url().getPort();
    }

    private static Reply post(ImportClient client, String server, Map<String, String> more) throws IOException {
        UploaderSettings settings = settings(server, more);
        return client.post(settings, Optional.empty(), BODY, BODY.length);
    }

    private static Endpoint endpoint(String server) {
        return settings(server, Map.of()).endpoint().orElseThrow();
    }

    private static UploaderSettings settings(String server, Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(Map.of("timeout", "5s"));
        keys.putAll(more);
        keys.put("url", server + "/api/v1/import");
        return UploaderSettings.read(
                TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
    }
}
