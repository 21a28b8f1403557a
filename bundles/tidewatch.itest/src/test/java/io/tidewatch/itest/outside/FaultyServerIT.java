package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidewatch.itest.outside.AgentProcess.Ended;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Order(2)
class FaultyServerIT {
    private static final String UPLOADER = "tidewatch.uploader.victoriametrics";

    /** Where samples do not arrive. */
    enum Fault {
        CLOSED_PORT,
        UNKNOWN_HOST,
        BLACK_HOLE,
        UNAUTHORIZED,
        PORTAL
    }

    private VictoriaMetrics server;
    private AgentProcess agent;
    private HttpServer http;
    private ServerSocket silent;

    @BeforeEach
    void prepare() throws Exception {
        Path folder = AgentProcess.workFolder("faulty-server");
        server = VictoriaMetrics.start();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        silent = new ServerSocket(0, 50, loopback);
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.createContext("/401", exchange -> answer(exchange, 401, "text/plain", "Unauthorized"));
        http.createContext(
                "/portal", exchange -> answer(exchange, 200, "text/html", "<html>Welcome, please pay</html>"));
        http.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", "faulty-server"))
                .configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                .configure("tidewatch.collector.uploader", Map.of("interval", "500ms"));
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        http.stop(0);
        silent.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSED_PORT, connect, no connection to",
        "UNKNOWN_HOST, unknown_host, is not known",
        "BLACK_HOLE, timeout, does not answer in time",
        "UNAUTHORIZED, http_401, answers 401",
        "PORTAL, intercepted, captive portal"
    })
    void isNamedFromTheStartAndAfterAChangeOfUrl(Fault fault, String usualReason, String usualMessage)
            throws Exception {
        // On a machine without a network that is why no name is known.
        boolean offline = fault == Fault.UNKNOWN_HOST && !RealMachine.hasDefaultRoute();
        String reason = offline ? "no_network" : usualReason;
        String message = offline ? "this device has no default route" : usualMessage;
        String wrong = url(fault);
        deliverTo(wrong);
        agent.start();
        assertNamed(0, reason, message);

        deliverTo(server.importUrl().toString());
        assertDelivers();

        long before = details().path("failures_total").asLong();
        deliverTo(wrong);
        assertNamed(before, reason, message);

        deliverTo(server.importUrl().toString());
        assertDelivers();
        assertThat(agent.stop()).isZero();
    }

    /** What is asked after the first failed attempt names it. */
    private void assertNamed(long failedBefore, String reason, String message) throws Exception {
        agent.await("a failed attempt", () -> details().path("failures_total").asLong() > failedBefore);
        JsonNode uploader = agent.component("uploader");
        assertThat(uploader.path("status").asText()).isEqualTo("degraded");
        assertThat(uploader.path("message").asText()).contains(message);
        assertThat(agent.get("/health/ready").status()).isEqualTo(503);
        assertThat(agent.output())
                .containsPattern((reason.equals("no_network") ? "INFO" : "WARN") + " +UploadState: .*" + message);
        Ended status = agent.runAnother("status");
        assertThat(status.exitCode()).as(status.output()).isEqualTo(1);
        assertThat(status.output()).contains("degraded").contains(message);
        Ended doctor = agent.runAnother("doctor");
        assertThat(doctor.exitCode()).as(doctor.output()).isEqualTo(1);
        assertThat(doctor.output()).containsPattern("FAIL +(server|token) +.*");
        agent.await("the state as a series", () -> state(reason).equals("1"));
    }

    private void assertDelivers() throws Exception {
        agent.awaitStatus("ok");
        agent.await(
                "nothing to be pending", () -> details().path("pending_count").asLong() < 20);
        assertThat(agent.get("/health/ready").status()).isEqualTo(200);
        Ended status = agent.runAnother("status");
        assertThat(status.exitCode()).as(status.output()).isZero();
        agent.await("the state as a series", () -> state("ok").equals("1"));
    }

    /** The value of the series; empty if there is none. */
    private String state(String reason) throws IOException {
        return agent.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("uploader_state{") && line.contains("reason=\"" + reason + "\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("");
    }

    private JsonNode details() {
        return agent.component("uploader").path("details");
    }

    private String url(Fault fault) throws IOException {
        return switch (fault) {
            case CLOSED_PORT -> "http://127.0.0.1:" + FreePort.next() + "/api/v1/import";
            case UNKNOWN_HOST -> "http://no-such-host.invalid:8428/api/v1/import";
            case BLACK_HOLE -> "http://127.0.0.1:" + silent.getLocalPort() + "/api/v1/import";
            case UNAUTHORIZED -> "http://127.0.0.1:" + http.getAddress().getPort() + "/401/api/v1/import";
            case PORTAL -> "http://127.0.0.1:" + http.getAddress().getPort() + "/portal/api/v1/import";
        };
    }

    private void deliverTo(String url) throws IOException {
        agent.configure(
                UPLOADER,
                Map.of(
                        "url",
                        url,
                        "upload.interval",
                        "1s",
                        "timeout",
                        "2s",
                        "retry.initial.backoff",
                        "200ms",
                        "retry.max.backoff",
                        "500ms"));
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
