package io.tidewatch.command;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A page {@code /health} with a given body, and others if they are added, on a free port. */
public final class HealthPage implements AutoCloseable {
    private final HttpServer server;

    public HealthPage(int status, String body) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        with("/health", status, body);
        server.start();
    }

    /** Adds a page. */
    public HealthPage with(String path, int status, String body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        return this;
    }

    /** An agent in whose state there is nothing to complain about. */
    public static HealthPage ok() throws IOException {
        return new HealthPage(
                200,
                """
                {"status":"ok","message":"all 1 components are fine","timestamp":"2026-06-01T12:00:00.000Z",\
                "uptime_seconds":60,"version":"1.2.3","device_id":"rig-2","components":{}}
                """);
    }

    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
