package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/**
 * An url that leads to no server that takes samples, from the start of the uploader's bundle and after a change of its
 * .cfg: health names it after one attempt, and is right again after the next attempt that is accepted.
 */
class FaultyServerTest extends EndpointTest {
    private static final String UPLOADER = "tidewatch.uploader.victoriametrics";

    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private ServerSocket server;
    private ServerSocket silent;

    @BeforeEach
    void listen() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        silent = new ServerSocket(0, 50, loopback);
        server = new ServerSocket(0, 50, loopback);
        Thread answering = new Thread(this::answer, "faulty-server");
        answering.setDaemon(true);
        answering.start();
    }

    @AfterEach
    void goesOnWithoutUploads() throws Exception {
        agent.requireBundle(UPLOADER).start();
        agent.configure(UPLOADER, "");
        endpoint.awaitStatus("ok", 200, "");
        server.close();
        silent.close();
    }

    @Test
    void aClosedPort() throws Exception {
        silent.close();
        assertNamed("http://127.0.0.1:" + silent.getLocalPort(), "no connection to");
    }

    @Test
    void anUnknownHost() throws Exception {
        boolean routed = Files.readAllLines(Path.of("/proc/net/route")).stream()
                .anyMatch(line -> line.matches("\\S+\\s+0{8}\\s.*"));
        assertNamed("http://no-such-host.invalid:8428", routed ? "is not known" : "this device has no default route");
    }

    @Test
    void aBlackHole() throws Exception {
        assertNamed("http://127.0.0.1:" + silent.getLocalPort(), "does not answer in time");
    }

    @Test
    void aRefusedToken() throws Exception {
        assertNamed(url("/401"), "answers 401");
    }

    @Test
    void aCaptivePortal() throws Exception {
        assertNamed(url("/portal"), "captive portal");
    }

    private void assertNamed(String wrong, String message) throws Exception {
        Bundle bundle = agent.requireBundle(UPLOADER);
        bundle.stop();
        deliverTo(wrong);
        bundle.start();
        awaitDegraded(message);
        deliverTo(url("/good"));
        awaitDelivering();

        deliverTo(wrong);
        awaitDegraded(message);
        deliverTo(url("/good"));
        awaitDelivering();
    }

    private void awaitDegraded(String message) throws IOException {
        endpoint.awaitStatus("degraded", 200, message);
        assertThat(endpoint.get("/health/ready").status()).isEqualTo(503);
    }

    private void awaitDelivering() throws IOException {
        await("uploads").untilAsserted(() -> {
            Health health = agent.healthOf("uploader");
            assertThat(health.status()).as(health.message()).isEqualTo(Status.OK);
            assertThat(health.message()).contains("uploads work");
        });
        endpoint.awaitStatus("ok", 200, "");
        assertThat(endpoint.get("/health/ready").status()).isEqualTo(200);
    }

    private void deliverTo(String url) throws IOException {
        agent.configure(
                UPLOADER,
                "url = " + url + "/api/v1/import\nupload.interval = 1s\ntimeout = 2s\nretry.initial.backoff = 200ms\n"
                        + "retry.max.backoff = 500ms\n");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getLocalPort() + path;
    }

    /** Answers one request per connection, by its path. */
    private void answer() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                String head = readRequest(new DataInputStream(connection.getInputStream()));
                String answer = head.contains(" /good")
                        ? "204 No Content\r\nX-Server-Hostname: here\r\n\r\n"
                        : head.contains(" /401")
                                ? "401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
                                : "200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome, please pay</html>";
                connection
                        .getOutputStream()
                        .write(("HTTP/1.1 " + answer.replaceFirst("\r\n", "\r\nConnection: close\r\n"))
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The agent has gone, or this server is closed, which ends the loop.
            }
        }
    }

    private static String readRequest(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readByte());
        }
        Matcher length = LENGTH.matcher(head);
        in.readFully(new byte[length.find() ? Integer.parseInt(length.group(1)) : 0]);
        return head.toString();
    }
}
