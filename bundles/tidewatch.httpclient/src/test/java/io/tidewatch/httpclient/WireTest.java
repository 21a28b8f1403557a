package io.tidewatch.httpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts with several addresses, of which the first is of no use. */
@Timeout(60)
class WireTest {
    private static final byte[] REQUEST =
            "GET /metrics HTTP/1.1\r\nHost: rig\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Names names = new Names(host -> new InetAddress[] {address(2), address(1)});

    @Test
    void anAddressThatRefusesLeadsToTheNext() throws Exception {
        try (PageServer server = new PageServer(PageServer.page("a 1\n"))) {
            assertThat(answerOf(server.port(), Duration.ofMinutes(1))).contains("a 1");
        }
    }

    @Test
    void anAddressThatDoesNotAnswerLeavesTheNextItsShareOfTheTime() throws Exception {
        try (PageServer server = new PageServer(PageServer.page("a 1\n"));
                Full silent = new Full(server.port())) {
            assertThat(answerOf(server.port(), Duration.ofSeconds(4))).contains("a 1");
        }
    }

    @Test
    void withoutAnAddressThatConnectsTheFailureOfTheLastIsThrown() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, address(1))) {
            port = free.getLocalPort();
        }
        try (Full silent = new Full(port)) {
            assertThatThrownBy(() -> answerOf(port, Duration.ofSeconds(1))).isInstanceOf(ConnectException.class);
        }
        assertThatThrownBy(() -> Wire.connect(
                        target(port), new Names(host -> new InetAddress[0]), null, new Deadline(Duration.ofMinutes(1))))
                .isInstanceOf(ConnectException.class)
                .hasMessage("the host has no address");
    }

    @Test
    void theTimeOfAllIsThatOfTheDeadline() throws Exception {
        try (Full one = new Full(1, 0);
                Full other = new Full(2, one.port())) {
            assertThatThrownBy(() -> answerOf(one.port(), Duration.ofMillis(200)))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no complete page within 200 ms");
        }
    }

    private String answerOf(int port, Duration limit) throws IOException {
        try (Wire wire = Wire.connect(target(port), names, null, new Deadline(limit))) {
            wire.send(REQUEST);
            return new String(wire.input().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static HttpTarget target(int port) {
        return HttpTarget.parse("url", "http://rig.example.org:" + port + "/metrics", "/metrics");
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress("rig.example.org", new byte[] {127, 0, 0, (byte) last});
    }

    /** A port whose queue is full: the kernel answers no further connection. */
    private static final class Full implements AutoCloseable {
        private final ServerSocket entry;
        private final List<Socket> waiting = new ArrayList<>();

        Full(int port) throws IOException {
            this(2, port);
        }

        Full(int last, int port) throws IOException {
            entry = new ServerSocket(port, 1, address(last));
            boolean taken = true;
            while (taken) {
                Socket next = new Socket();
                waiting.add(next);
                try {
                    next.connect(new InetSocketAddress(address(last), entry.getLocalPort()), 300);
                } catch (SocketTimeoutException e) {
                    taken = false;
                }
            }
        }

        int port() {
            return entry.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            entry.close();
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }
}
