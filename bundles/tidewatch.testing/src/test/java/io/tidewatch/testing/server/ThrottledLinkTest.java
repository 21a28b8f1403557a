package io.tidewatch.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThrottledLinkTest {
    private static final byte[] REQUEST = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] KEPT_OPEN = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private HttpServer server;
    private ThrottledLink link;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        link = new ThrottledLink(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Long.MAX_VALUE);
    }

    @AfterEach
    void stop() throws IOException {
        link.close();
        server.stop(0);
    }

    @Test
    void countsEveryByteBothWays() throws Exception {
        byte[] answer = ask();
        assertThat(new String(answer, StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200")
                .endsWith("hello");
        assertThat(link.bytes()).isEqualTo(REQUEST.length + answer.length);
    }

    @Test
    void whatIsCutEndsAndIsRefusedUntilItIsMended() throws Exception {
        ask();
        try (Socket open =
                new Socket(InetAddress.getLoopbackAddress(), link.url("/").getPort())) {
            open.setSoTimeout(20_000);
            open.getOutputStream().write(KEPT_OPEN);
            // The link has this connection now, and not only the kernel.
            assertThat(open.getInputStream().read()).isEqualTo('H');
            link.cut();
            assertThat(ends(open)).isTrue();
        }
        long bytes = link.bytes();
        assertThatThrownBy(this::ask).isInstanceOf(ConnectException.class);
        assertThat(link.bytes()).isEqualTo(bytes);

        link.fix();
        assertThat(new String(ask(), StandardCharsets.US_ASCII)).endsWith("hello");
    }

    /** Whether it does so without being told to; an end by a reset is one, too. */
    private static boolean ends(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private byte[] ask() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), link.url("/").getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().readAllBytes();
        }
    }
}
