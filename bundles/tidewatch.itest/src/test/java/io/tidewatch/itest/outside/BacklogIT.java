package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.ThrottledLink;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two million samples of an outage go over a slow uplink, and fresh ones do not wait for them. */
class BacklogIT {
    private static final String DEVICE = "backlog";
    private static final long BYTES_PER_SECOND = 500_000;
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    @Test
    void freshSamplesDoNotWaitForAnOldBacklog() throws Exception {
        Path folder = AgentProcess.workFolder("backlog");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ThrottledLink link = new ThrottledLink(server.url(), BYTES_PER_SECOND);
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", DEVICE))
                    .configure("tidewatch.collector.load", Map.of("interval", "1s"));
            Outage.befall(agent, DEVICE);

            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of(
                            "url",
                            link.url("/api/v1/import").toString(),
                            "upload.interval",
                            INTERVAL.toSeconds() + "s"));
            agent.start();
            agent.await("the backlog to be counted", () -> pending(agent) > Outage.SAMPLES / 2);
            List<Duration> ages = new ArrayList<>();
            agent.await("the backlog to drain", Duration.ofMinutes(5), () -> {
                if (uploaded(agent) > Outage.SAMPLES / 20 && pending(agent) > Outage.SAMPLES / 20) {
                    server.flush();
                    ages.add(Duration.between(newest(server), Instant.now()));
                }
                return pending(agent) < Outage.SERIES;
            });

            assertThat(ages)
                    .as("ages of the newest sample on the server while the backlog drained")
                    .hasSizeGreaterThan(2)
                    .allMatch(age -> age.compareTo(INTERVAL.multipliedBy(2)) <= 0);
            long samples = uploaded(agent);
            assertThat(link.bytes() / (double) samples)
                    .as("bytes on the wire per sample")
                    .isLessThan(4.5);
            server.flush();
            assertThat(query(server, "sum(count_over_time({__name__=\"bench_value\"}[60h]))")
                            .path("value")
                            .path(1)
                            .asLong())
                    .isEqualTo((long) Outage.SAMPLES);
        }
    }

    private static Instant newest(VictoriaMetrics server) throws IOException {
        JsonNode sample = query(server, "timestamp({__name__=~\"load_1m\",device_id=\"" + DEVICE + "\"}[1h])");
        double seconds = sample.path("value").path(1).asDouble();
        return Instant.ofEpochMilli((long) (seconds * 1000));
    }

    private static JsonNode query(VictoriaMetrics server, String promql) throws IOException {
        String path = "/api/v1/query?latency_offset=1ms&query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8);
        return new ObjectMapper()
                .readTree(server.get(path))
                .path("data")
                .path("result")
                .path(0);
    }

    private static long uploaded(AgentProcess agent) throws IOException {
        return agent.component("uploader")
                .path("details")
                .path("uploaded_total")
                .asLong();
    }

    private static long pending(AgentProcess agent) throws IOException {
        return agent.component("storage").path("details").path("pending_count").asLong();
    }
}
