package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A server with a certificate of its owner's authority is trusted by all that talk to it, not by the uploads alone. */
class OwnAuthorityIT {
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    @Test
    void uploadsAndTheComparisonOfTheClock() throws Exception {
        Path folder = AgentProcess.workFolder("own-authority");
        TestCertificates certificates = new TestCertificates(folder.resolve("certificates"));
        certificates.sign("server", "ec", "localhost", 100);
        Path token = SecretFile.write(folder.resolve("token"), "s3cret");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.server("server")));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            asked.add(exchange.getRequestURI().getPath() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder.resolve("agent"))) {
            agent.configure(
                            "tidewatch.uploader.victoriametrics",
                            Map.of(
                                    "url",
                                    "https://localhost:" + server.getAddress().getPort() + "/api/v1/import",
                                    "upload.interval",
                                    "1s",
                                    "token.file",
                                    token.toString(),
                                    "ca.file",
                                    certificates.authority().toString()))
                    .start();

            agent.await(
                    "an upload",
                    () -> details(agent, "uploader").path("uploaded_total").asLong() > 0);
            agent.await("a comparison", () -> details(agent, "time").has("skew_ms"));
            assertThat(details(agent, "time").path("skew_ms").asLong()).isBetween(-60_000L, 60_000L);
            assertThat(asked).contains("/health Bearer s3cret", "/api/v1/import Bearer s3cret");
        } finally {
            server.stop(0);
        }
    }

    private static JsonNode details(AgentProcess agent, String component) {
        return agent.component(component).path("details");
    }
}
