package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.sqlite.JDBC;

/** Two million samples of an outage go over a slow uplink, and fresh ones do not wait for them. */
class BacklogIT {
    private static final String DEVICE = "backlog";
    private static final int SERIES = 200;
    private static final int INSTANTS = 10_000;
    private static final long BYTES_PER_SECOND = 500_000;
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    @Test
    void freshSamplesDoNotWaitForAnOldBacklog() throws Exception {
        Path folder = AgentProcess.workFolder("backlog");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ThrottledLink link = new ThrottledLink(server.url(), BYTES_PER_SECOND);
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", DEVICE))
                    .configure("tidewatch.collector.load", Map.of("interval", "1s"))
                    .start();
            agent.await(
                    "a first sample",
                    () -> agent.component("collector.load")
                                    .path("details")
                                    .path("collected_total")
                                    .asLong()
                            > 0);
            agent.kill();
            addBacklog(agent.database());

            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of(
                            "url",
                            link.url("/api/v1/import").toString(),
                            "upload.interval",
                            INTERVAL.toSeconds() + "s"));
            agent.start();
            agent.await("the backlog to be counted", () -> pending(agent) > SERIES * INSTANTS / 2);
            List<Duration> ages = new ArrayList<>();
            agent.await("the backlog to drain", () -> {
                if (uploaded(agent) > SERIES * INSTANTS / 20 && pending(agent) > SERIES * INSTANTS / 20) {
                    server.flush();
                    ages.add(Duration.between(newest(server), Instant.now()));
                }
                return pending(agent) < SERIES;
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
                    .isEqualTo((long) SERIES * INSTANTS);
        }
    }

    /** Writes what an outage of a day leaves, as the agent would have, while it is not running. */
    private static void addBacklog(Path database) throws Exception {
        long end = Instant.now().minus(Duration.ofHours(1)).toEpochMilli() / 10_000 * 10_000;
        try (Connection connection = new JDBC().connect("jdbc:sqlite:" + database, new Properties())) {
            connection.setAutoCommit(false);
            try (PreparedStatement series = connection.prepareStatement(
                    "INSERT INTO series(name, device_id, tags, value_type, kind, unit, priority,"
                            + " key) VALUES ('bench.value', ?, ?, 0, 'GAUGE', 'NONE', 2, ?)")) {
                for (int i = 0; i < SERIES; i++) {
                    String tags = "{\"n\":\"" + i + "\"}";
                    series.setString(1, DEVICE);
                    series.setString(2, tags);
                    series.setBytes(
                            3,
                            MessageDigest.getInstance("SHA-256")
                                    .digest(("{\"name\":\"bench.value\",\"device_id\":\"" + DEVICE + "\",\"tags\":"
                                                    + tags + ",\"value_type\":0}")
                                            .getBytes(StandardCharsets.UTF_8)));
                    series.executeUpdate();
                }
            }
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(
                        "WITH RECURSIVE instant(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM instant WHERE i < "
                                + (INSTANTS - 1) + ") INSERT INTO samples SELECT " + (end - 10_000L * INSTANTS)
                                + " + 10000 * i, s.id, 1000 * (s.id % 7) + (i * s.id) % 100"
                                + " FROM instant CROSS JOIN series s WHERE s.name = 'bench.value' ORDER BY 1, 2");
            }
            connection.commit();
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
