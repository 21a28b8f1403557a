package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The agent's pages as a client on the machine reads them. */
final class HealthEndpoint {
    private static final int LIMIT_MS = 20_000;

    private final URI health;

    HealthEndpoint(RunningAgent agent) {
        await("the HTTP server").until(() -> url(agent) != null);
        health = URI.create(String.valueOf(url(agent)));
    }

    record Answer(int status, String body) {}

    int port() {
        return health.getPort();
    }

    Answer get(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) health.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(LIMIT_MS);
        connection.setReadTimeout(LIMIT_MS);
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Waits until the agent is in this state, for this reason if it is not empty, and answers with this code. */
    void awaitStatus(String status, int code, String reason) {
        await("health " + status).untilAsserted(() -> {
            Answer answer = get("/health");
            assertThat(answer.body())
                    .startsWith("{\"status\":\"" + status + "\"")
                    .contains(reason);
            assertThat(answer.status()).isEqualTo(code);
        });
    }

    private static Object url(RunningAgent agent) {
        return agent.healthOf("health").details().get("url");
    }
}
