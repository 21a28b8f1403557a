package io.tidewatch.httpclient;

import static io.tidewatch.testing.server.PageServer.bytes;
import static io.tidewatch.testing.server.PageServer.page;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.config.OddFile;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.LoopbackListener;
import io.tidewatch.testing.server.PageServer;
import io.tidewatch.testing.server.TestCertificates;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over real sockets, to servers that do as they should and to others. */
class HttpRequestTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final List<AutoCloseable> servers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource
    void anyFramingIsRead(String answer, int status, String body) throws Exception {
        PageServer server = server(raw(answer));
        assertThat(answer(request(server.url()))).isEqualTo(status + " " + body);
        assertThat(server.request())
                .isEqualTo("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                        + "\r\nUser-Agent: tidewatch\r\nAccept: text/plain\r\nConnection: close\r\n\r\n");
    }

    static Stream<Arguments> anyFramingIsRead() {
        return Stream.of(
                arguments("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\na 1\nb 2and more", 200, "a 1\nb 2"),
                arguments(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na 1\r\n4;x=y\r\n\nb 2\r\n0\r\n\r\n",
                        200,
                        "a 1\nb 2"),
                arguments("HTTP/1.0 429 Too Many Requests\r\n\r\nslow down", 429, "slow down"),
                arguments("HTTP/1.0 200 OK\nServer: x\n\na 1\nb 2\n", 200, "a 1\nb 2\n"),
                arguments(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\ncontent-length:8\r\n\r\na 1\nb 2\nc 3",
                        200,
                        "a 1\nb 2\n"),
                arguments("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, ""));
    }

    @ParameterizedTest
    @MethodSource
    void anAnswerThatIsNotHttpIsNamedAndTheNextRequestIsAsBefore(String answer, String problem) throws Exception {
        PageServer server = server(raw(answer));
        HttpRequest request = request(server.url());
        assertThatThrownBy(() -> answer(request))
                .isInstanceOf(IOException.class)
                .hasMessage(problem);
        server.answer(page("a 1"));
        assertThat(answer(request)).isEqualTo("200 a 1");
    }

    static Stream<Arguments> anAnswerThatIsNotHttpIsNamedAndTheNextRequestIsAsBefore() {
        return Stream.of(
                arguments("SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP: 'SSH-2.0-OpenSSH_9.2'"),
                arguments("HTTP/1.1 200 OK\r\nX: y", "the answer ends early"),
                arguments("", "the answer ends early"),
                arguments(
                        "HTTP/1.1 200 OK\r\nX: " + "y".repeat(40_000) + "\r\n\r\n",
                        "the head of the answer is longer than 32768 bytes"),
                arguments(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
                        "the page ends before its end; the connection broke"),
                arguments(
                        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "the answer has the Content-Length 'many'"),
                arguments("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "the answer has the Content-Length '-5'"),
                arguments(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                        "a chunk of the answer has the length 'zz'"),
                arguments(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
                        "a chunk of the answer has the length '-1'"),
                arguments(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n#more\r\n",
                        "a chunk of the answer is longer than it says"));
    }

    @ParameterizedTest
    @MethodSource
    void aServerThatDripsIsLeftAtTheDeadline(String begin) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        PageServer server = server(out -> {
            out.write(bytes(begin));
            PageServer.drip(out, left);
        });
        assertThatThrownBy(() -> answer(request(server.url()), Duration.ofMillis(250)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no complete page within 250 ms");
        left.await();
    }

    static Stream<String> aServerThatDripsIsLeftAtTheDeadline() {
        return Stream.of("", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\na 1\nb{c=\"");
    }

    /** A record of TLS that never ends: each of its bytes arrives in time. */
    @Test
    void aServerThatDripsItsHandshakeIsLeftAtTheDeadline() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        LoopbackListener server = new LoopbackListener("drip", 0, 0, socket -> {
            try (socket) {
                socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0, 2, 0, 63, -4});
                PageServer.drip(socket.getOutputStream(), left);
            } catch (IOException | InterruptedException e) {
                left.countDown();
            }
        });
        servers.add(server);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(
                        () -> answer(request("https://localhost:" + server.port()), Duration.ofMillis(250)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no complete page within 250 ms"));
        left.await();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptEndsARequestAndStays(boolean tls) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        TestCertificates certificates = new TestCertificates(folder.resolve("tls"));
        certificates.sign("page", "ec", "localhost", 10);
        PageServer server = new PageServer(
                out -> {
                    asked.countDown();
                    end.await();
                },
                0,
                tls ? certificates.server("page") : null);
        servers.add(server);
        HttpRequest request = request(
                (tls ? "https" : "http") + "://localhost:" + server.port(),
                "",
                Optional.empty(),
                Optional.of(certificates.authority()));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                answer(request);
            } catch (IOException e) {
                thrown.set(e);
            }
            if (Thread.currentThread().isInterrupted()) {
                interrupted.countDown();
            }
        });
        thread.start();
        asked.await();
        thread.interrupt();
        thread.join();
        end.countDown();
        assertThat(thrown.get()).isInstanceOf(InterruptedWireException.class);
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void aUnixSocketIsAsked() throws Exception {
        Path socket = folder.resolve("app.sock");
        PageServer server = new PageServer(page("a 1"), socket);
        servers.add(server);
        assertThat(answer(request("unix:" + socket))).isEqualTo("200 a 1");
        assertThat(server.request()).startsWith("GET /usual HTTP/1.1\r\nHost: localhost\r\n");
        assertThat(answer(request("unix://" + socket + ":/stats?all=1"))).isEqualTo("200 a 1");
        assertThat(server.request()).startsWith("GET /stats?all=1 HTTP/1.1\r\n");
    }

    @Test
    void aServerThatIsNotThereIsExplained() throws Exception {
        PageServer gone = server(page("a 1"));
        gone.close();
        assertThatThrownBy(() -> answer(request(gone.url())))
                .satisfies(refused -> assertThat(HttpRequest.explain((IOException) refused, "wait"))
                        .isEqualTo("Connection refused; check that the program runs and listens there"));
        assertThatThrownBy(() -> answer(request("http://no-such-host.invalid/")))
                .isInstanceOf(UnknownHostException.class)
                .hasMessage("the host name no-such-host.invalid is not known");
        assertThat(HttpRequest.explain(new SocketTimeoutException("no page"), "wait"))
                .isEqualTo("no page; wait");
        assertThat(HttpRequest.explain(new SSLHandshakeException("unknown"), "wait"))
                .startsWith("unknown; the server's certificate has to be in date");
        assertThat(HttpRequest.explain(new EOFException(), "wait")).isEqualTo("the connection broke");
        assertThat(HttpRequest.explain(new IOException(), "wait")).isEqualTo("IOException");
    }

    @Test
    void aServerWithoutTlsIsNoMatterOfCertificates() throws Exception {
        PageServer server = server(page("a 1"));
        LoopbackListener plain = new LoopbackListener("plain", 0, 0, socket -> {
            try (socket) {
                socket.getOutputStream().write(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // The client went.
            }
        });
        servers.add(plain);
        assertThatThrownBy(() -> answer(request("https://localhost:" + plain.port())))
                .satisfies(refused -> assertThat(HttpRequest.explain((IOException) refused, "wait"))
                        .endsWith("; check that the server speaks TLS, else write http:// into the URL"));
        assertThat(answer(request(server.url()))).isEqualTo("200 a 1");
    }

    @Test
    void httpsTrustsTheAuthorityOfTheFileAndTheRightName() throws Exception {
        TestCertificates certificates = new TestCertificates(folder.resolve("tls"));
        certificates.sign("page", "ec", "localhost", 10);
        PageServer server = new PageServer(page("a 1"), 0, certificates.server("page"));
        servers.add(server);
        String url = "https://localhost:" + server.port() + "/metrics";
        Optional<Path> authority = Optional.of(certificates.authority());
        assertThat(answer(request(url, "", Optional.empty(), authority))).isEqualTo("200 a 1");
        assertThatThrownBy(() -> answer(request(url))).isInstanceOf(SSLException.class);
        assertThatThrownBy(
                        () -> answer(request(url.replace("localhost", "127.0.0.1"), "", Optional.empty(), authority)))
                .isInstanceOf(SSLException.class);
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertThatThrownBy(() -> answer(request(url, "", Optional.empty(), Optional.of(empty))))
                .hasMessageContaining("ca.file " + empty + " contains no certificate");
        Files.delete(empty);
        assertThatThrownBy(() -> answer(request(url, "", Optional.empty(), Optional.of(empty))))
                .hasMessage("ca.file " + empty + " is not used: no such file or directory");
    }

    @ParameterizedTest
    @EnumSource(OddFile.class)
    void whatIsNoFileIsNotRead(OddFile odd) throws Exception {
        Path file = odd.make(folder.resolve("file"));
        PageServer server = server(page("a 1"));
        assertThatThrownBy(() -> answer(request(server.url(), "", Optional.of(file), Optional.empty())))
                .hasMessage("token.file " + file + " is not used: " + odd.reason());
        String url = server.url().replace("http:", "https:");
        assertThatThrownBy(() -> answer(request(url, "", Optional.empty(), Optional.of(file))))
                .hasMessage("ca.file " + file + " is not used: " + odd.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:0/", "http://127.0.0.1:65536/", "https://127.0.0.1:99999/metrics"})
    void aPortThatNoneCanBeIsNoUrl(String url) {
        assertThatThrownBy(() -> request(url))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("http://host:port/usual");
    }

    @Test
    void charactersBesidesAsciiAreEncoded() throws Exception {
        PageServer server = server(page("a 1"));
        String url = server.url().replace("/metrics", "/stats/J\u00fcrgen%20?a=\u00e9");
        assertThat(answer(request(url))).isEqualTo("200 a 1");
        assertThat(server.request()).startsWith("GET /stats/J%C3%BCrgen%20?a=%C3%A9 HTTP/1.1\r\n");
    }

    @Test
    void theTokenIsReadForEachRequestAndOneThatAllMayReadIsNotUsed() throws Exception {
        PageServer server = server(page("a 1"));
        Path token = SecretFile.write(folder.resolve("token"), "first\n");
        answer(request(server.url(), "Bearer ", Optional.of(token), Optional.empty()));
        assertThat(server.request()).contains("\r\nAuthorization: Bearer first\r\n");
        HttpRequest request = request(server.url(), "", Optional.of(token), Optional.empty());
        SecretFile.write(token, "second");
        answer(request);
        assertThat(server.request()).contains("\r\nAuthorization: second\r\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> answer(request))
                .hasMessageContaining("chmod o-rwx " + token)
                .message()
                .doesNotContain("second");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(answer(request)).isEqualTo("200 a 1");
        for (String text : List.of("", "two\nlines", "a b", "x".repeat(9_000))) {
            SecretFile.write(token, text);
            assertThatThrownBy(() -> answer(request)).hasMessageContaining("contains no token");
        }
        SecretFile.write(token, "third");
        assertThat(answer(request)).isEqualTo("200 a 1");
    }

    private PageServer server(PageServer.Answer answer) throws IOException {
        PageServer server = new PageServer(answer);
        servers.add(server);
        return server;
    }

    private static HttpRequest request(String url) {
        return request(url, "", Optional.empty(), Optional.empty());
    }

    private static HttpRequest request(String url, String scheme, Optional<Path> token, Optional<Path> authority) {
        return new HttpRequest(HttpTarget.parse("url", url, "/usual"), "text/plain", scheme, token, authority);
    }

    private static String answer(HttpRequest request) throws IOException {
        return answer(request, LONG);
    }

    private static String answer(HttpRequest request, Duration limit) throws IOException {
        StringBuilder read = new StringBuilder();
        request.send(new Deadline(limit), answer -> read.append(answer.status())
                .append(' ')
                .append(new String(answer.body().readAllBytes(), StandardCharsets.ISO_8859_1)));
        return read.toString();
    }
}
