package io.tidewatch.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VictoriaMetricsTest {
    @Test
    void exportsWhatWasImportedAndKeepsWhatWasPersistedThroughAKill() throws Exception {
        long now = Clock.systemUTC().millis();
        try (VictoriaMetrics server = VictoriaMetrics.start()) {
            importLines(
                    server,
                    "{\"metric\":{\"__name__\":\"a\",\"x\":\"1\"},\"values\":[1.5,2],\"timestamps\":[" + (now - 1000)
                            + "," + now + "]}\n");
            server.flush();
            Map<TreeMap<String, String>, TreeMap<Long, Double>> expected = Map.of(
                    new TreeMap<>(Map.of("__name__", "a", "x", "1")), new TreeMap<>(Map.of(now - 1000, 1.5, now, 2.0)));
            assertThat(server.export("{x=\"1\"}")).isEqualTo(expected);
            assertThat(server.export("{x=\"2\"}")).isEmpty();

            server.persist();
            server.kill();
            server.restart();
            assertThat(server.export("{x=\"1\"}")).isEqualTo(expected);
        }
    }

    private static void importLines(VictoriaMetrics server, String lines) throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) server.importUrl().toURL().openConnection();
        connection.setDoOutput(true);
        connection.setReadTimeout(60_000);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(connection.getResponseCode()).isEqualTo(204);
    }
}
