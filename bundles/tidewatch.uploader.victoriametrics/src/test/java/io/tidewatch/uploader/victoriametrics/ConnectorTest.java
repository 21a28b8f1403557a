package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ScriptedReceiver;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
            // Nobody listens at the first two.
            return new InetAddress[] {address("::1"), address("127.0.0.2"), address("127.0.0.1")};
        });

        assertThat(post(client, "http://server.test:" + port(), Map.of()).status())
                .isEqualTo(204);
        assertThat(post(client, "http://server.test:" + port(), Map.of()).status())
                .isEqualTo(204);

        assertThat(asked).containsExactly("server.test", "server.test");
        assertThat(receiver.requests()).hasSize(2);
        assertThat(receiver.requests().get(0).headers().get("Host")).isEqualTo("server.test:" + port());
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

        assertThat(proxy.lines()).contains("POST " + target + "/api/v1/import HTTP/1.1");
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void asksAProxyForATunnelToAServerOfTls() throws Exception {
        ScriptedProxy proxy = new ScriptedProxy();
        open.add(proxy);
        ImportClient client = client(InetAddress::getAllByName);

        // The receiver speaks no TLS: the tunnel is as far as this gets.
        assertThatThrownBy(() -> post(
                        client,
                        "https://127.0.0.1:" + port(),
                        Map.of("proxy", "http://joe:s3cret@127.0.0.1:" + proxy.port())))
                .isInstanceOf(IOException.class);

        assertThat(proxy.lines()).contains("CONNECT 127.0.0.1:" + port() + " HTTP/1.1");
        assertThat(proxy.tunnels()).isPositive();
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

    private ImportClient client(Addresses.Resolver resolver) {
        ImportClient client = new ImportClient("1", new Connector(resolver));
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
        Map<String, String> keys = new HashMap<>(more);
        keys.put("url", server + "/api/v1/import");
        keys.put("timeout", "5s");
        UploaderSettings settings =
                UploaderSettings.read(TypedConfiguration.of(Uploader.Config.class, keys), new ArrayList<>());
        return client.post(settings, settings.endpoint().orElseThrow(), Optional.empty(), BODY, BODY.length);
    }

    /** A proxy that wants a login, joe with s3cret. */
    private static final class ScriptedProxy implements AutoCloseable {
        private static final String LOGIN = "Proxy-Authorization: Basic am9lOnMzY3JldA==";

        private static final String REFUSAL =
                """
                HTTP/1.1 407 Proxy Authentication Required
                Proxy-Authenticate: Basic realm="p"
                Content-Length: 0

                """;

        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final AtomicInteger tunnels = new AtomicInteger();

        ScriptedProxy() throws IOException {
            Thread thread = new Thread(this::accept, "proxy");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        List<String> lines() {
            return lines;
        }

        int tunnels() {
            return tunnels.get();
        }

        private void accept() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    serve(client);
                } catch (SocketException e) {
                    // Closed by one of the two.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void serve(Socket client) throws IOException {
            InputStream in = client.getInputStream();
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
            OutputStream out = client.getOutputStream();
            while (true) {
                String request = reader.readLine();
                if (request == null) {
                    return;
                }
                lines.add(request);
                boolean login = false;
                int length = 0;
                for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                    login |= line.equalsIgnoreCase(LOGIN);
                    if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                char[] body = new char[length];
                int read = 0;
                while (read < length) {
                    read += reader.read(body, read, length - read);
                }
                if (!login) {
                    out.write(REFUSAL.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                } else if (request.startsWith("CONNECT")) {
                    tunnels.incrementAndGet();
                    out.write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    out.flush();
                    return;
                } else {
                    forward(request, body, out);
                }
                out.flush();
            }
        }

        private static void forward(String request, char[] body, OutputStream out) throws IOException {
            String url = request.substring(request.indexOf(' ') + 1, request.lastIndexOf(' '));
            java.net.URI target = java.net.URI.create(url);
            try (Socket server = new Socket(target.getHost(), target.getPort())) {
                server.getOutputStream()
                        .write(("POST " + target.getPath()
                                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
                                        + "Content-Length: " + body.length + "\r\n\r\n" + String.valueOf(body))
                                .getBytes(StandardCharsets.ISO_8859_1));
                server.getOutputStream().flush();
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.ISO_8859_1));
                out.write((answer.readLine() + "\r\nContent-Length: 0\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
