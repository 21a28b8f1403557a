package io.tidewatch.itest.outside;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Lets requests with one bearer token through to a server, and answers 401 to others. When the server does not answer,
 * the connection breaks, as it would without a gate. Unlike vmauth it passes {@code /metrics} on, by which an agent finds
 * out that the server was restarted.
 */
final class TokenGate implements AutoCloseable {
    private static final int CALL_LIMIT_MS = 60_000;

    private final HttpServer gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "token-gate");
        thread.setDaemon(true);
        return thread;
    });
    private final URI server;
    private volatile String token;

    TokenGate(URI server, String token) throws IOException {
        this.server = server;
        this.token = token;
        gate.createContext("/", this::answer);
        gate.setExecutor(threads);
        gate.start();
    }

    /** Root of the gate. */
    URI url() {
        return URI.create("http://127.0.0.1:" + gate.getAddress().getPort());
    }

    /** From now on this token is let through, and no other. */
    void allow(String next) {
        token = next;
    }

    @Override
    public void close() {
        gate.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (!("Bearer " + token).equals(authorization)) {
                exchange.sendResponseHeaders(HttpURLConnection.HTTP_UNAUTHORIZED, -1);
                return;
            }
            forward(exchange, body);
        }
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                server.resolve(exchange.getRequestURI().toString()).toURL().openConnection();
        connection.setConnectTimeout(CALL_LIMIT_MS);
        connection.setReadTimeout(CALL_LIMIT_MS);
        connection.setRequestMethod(exchange.getRequestMethod());
        for (String name : List.of("Content-Type", "Content-Encoding")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                connection.setRequestProperty(name, value);
            }
        }
        if (body.length > 0) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            connection.getOutputStream().write(body);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            byte[] answer = in == null ? new byte[0] : in.readAllBytes();
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            if (answer.length > 0) {
                exchange.getResponseBody().write(answer);
            }
        }
    }
}
