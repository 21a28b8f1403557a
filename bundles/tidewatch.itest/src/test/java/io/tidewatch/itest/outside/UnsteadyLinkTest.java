package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnsteadyLinkTest {
    private static final int PATIENCE_MS = 60_000;

    private HttpServer server;
    private UnsteadyLink link;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        link = new UnsteadyLink(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void end() throws IOException {
        link.close();
        server.stop(0);
    }

    @Test
    void isCutInEveryMannerAndMended() throws IOException {
        assertThat(status(PATIENCE_MS)).isEqualTo(204);
        assertThat(link.bytesSent()).isPositive();

        link.become(UnsteadyLink.State.REFUSED);
        assertThatThrownBy(() -> status(PATIENCE_MS)).isInstanceOf(ConnectException.class);
        link.become(UnsteadyLink.State.RESET);
        assertThatThrownBy(() -> status(PATIENCE_MS)).isInstanceOf(SocketException.class);
        link.become(UnsteadyLink.State.BLACK_HOLE);
        assertThatThrownBy(() -> status(200)).isInstanceOf(SocketTimeoutException.class);
        link.become(UnsteadyLink.State.SLOW);
        assertThat(status(PATIENCE_MS)).isEqualTo(204);
        link.become(UnsteadyLink.State.CLEAR);
        assertThat(status(PATIENCE_MS)).isEqualTo(204);
    }

    private int status(int limitMillis) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) link.url("/").toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setConnectTimeout(PATIENCE_MS);
        connection.setReadTimeout(limitMillis);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
