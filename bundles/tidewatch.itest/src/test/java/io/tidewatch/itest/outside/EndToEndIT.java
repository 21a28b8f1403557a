package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.server.VmAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped agent against a real VictoriaMetrics: what is stored arrives, whoever is killed in the middle. */
class EndToEndIT {
    private static final String DEVICE = "end-to-end";

    private Path folder;
    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        folder = AgentProcess.workFolder("end-to-end");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE, "labels", "site=studio"))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of(
                                "url", server.importUrl().toString(),
                                "upload.interval", "1s",
                                "retry.initial.backoff", "500ms",
                                "retry.max.backoff", "2s"));
        collectEvery("500ms");
        agent.start();
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @Test
    void everySampleArrivesAlthoughServerAndAgentAreKilledInTheMiddle() throws Exception {
        agent.awaitStatus("ok");
        agent.await(
                "readiness after the first upload",
                () -> agent.get("/health/ready").status() == 200);
        assertThat(agent.get("/health").json().path("device_id").asText()).isEqualTo(DEVICE);

        killTheServerWhileNothingIsUnflushed();
        agent.await(
                "an upload to fail",
                () -> agent.component("uploader").path("details").has("last_error"));
        agent.await("a backlog", () -> pending() > 40);

        agent.kill();
        agent.start();
        agent.await("the agent to serve health again", () -> pending() > 40);

        server.restart();
        agent.await("the backlog to drain", () -> pending() < 20);

        killTheAgentAndStartItAgain();
        stopCollecting();
        agent.await("everything to be delivered", () -> pending() == 0);
        assertThat(agent.stop()).isZero();

        Database database = new Database(agent.database());
        assertThat(database.integrity()).isEqualTo("ok");
        assertThat(database.pending()).isZero();
        server.flush();
        Map<SortedMap<String, String>, SortedMap<Long, Double>> stored = database.numericSamples();
        assertThat(stored)
                .hasSizeGreaterThan(5)
                .containsKey(new TreeMap<>(
                        Map.of("__name__", "cpu_usage_percent", "core", "all", "device_id", DEVICE, "site", "studio")));
        assertThat(server.export("{device_id=\"" + DEVICE + "\"}")).isEqualTo(stored);
    }

    /** Case C10: names as in Docker and in a hosts file. */
    @Test
    void serversWhoseNamesTheJdkDislikesAreReached() throws Exception {
        agent.close();
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 victoria_metrics server.1st\n");
        String upload = server.importUrl().toString().replace("127.0.0.1", "victoria_metrics");
        String compare = server.url().resolve("/health").toString().replace("127.0.0.1", "server.1st");
        assertThat(upload + compare).contains("victoria_metrics", "server.1st");
        agent.javaOption("-Djdk.net.hosts.file=" + hosts)
                .configure("tidewatch.uploader.victoriametrics", Map.of("url", upload, "upload.interval", "1s"))
                .configure("tidewatch.clockskew", Map.of("url", compare))
                .start();

        agent.awaitStatus("ok");
        agent.await("uploads", () -> uploaded() > 0);
        agent.await(
                "a comparison with the server",
                () -> agent.component("time").path("details").has("skew_ms"));
        assertThat(agent.component("time").path("details").path("url").asText()).isEqualTo(compare);
    }

    /** What it acknowledged last is in its memory alone, and dies with it. */
    @Test
    void aServerThatIsKilledFiveTimesHasEverySampleInTheEnd() throws Exception {
        agent.awaitStatus("ok");
        for (int round = 0; round < 5; round++) {
            long before = uploaded();
            agent.await("uploads to go on", () -> uploaded() > before + 40);
            server.kill();
            agent.await(
                    "an upload to fail",
                    () -> agent.component("uploader").path("details").has("last_error"));
            server.restart();
        }
        stopCollecting();
        agent.await("everything to be delivered", () -> pending() == 0);

        Database database = new Database(agent.database());
        agent.await("every sample to be on the server", () -> {
            server.flush();
            return server.export("{device_id=\"" + DEVICE + "\"}").equals(database.numericSamples());
        });
        assertThat(agent.component("uploader")
                        .path("details")
                        .path("resent_total")
                        .asLong())
                .as("samples that the server had forgotten")
                .isPositive();
        assertThat(database.numericSamples()).hasSizeGreaterThan(5);
    }

    /** vmauth answers 400, not 401, to a token that it does not know. */
    @Test
    void aTokenThatComesLateCostsNothing() throws Exception {
        agent.stop();
        Path token = folder.resolve("token");
        SecretFile.write(token, "not-yet-valid");
        try (VmAuth gate = VmAuth.start(server.url(), "/api/v1/import", "the-right-one")) {
            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of(
                            "url", gate.url("/api/v1/import").toString(),
                            "token.file", token.toString(),
                            "upload.interval", "1s",
                            "retry.initial.backoff", "500ms",
                            "retry.max.backoff", "1s"));
            agent.start();
            agent.await("samples that wait for the token", () -> pending() > 60);
            agent.await(
                    "health to speak of the token",
                    () -> agent.component("uploader").path("message").asText().contains("token"));

            SecretFile.write(token, "the-right-one");
            stopCollecting();
            agent.await("everything to be delivered", () -> pending() == 0);
            Database database = new Database(agent.database());
            agent.await("every sample to be on the server", () -> {
                server.flush();
                return server.export("{device_id=\"" + DEVICE + "\"}").equals(database.numericSamples());
            });
        }
    }

    /** Those that speak of a loss are left out: nothing is lost here. */
    @Test
    void everythingThatTheAgentReportsOfItselfArrives() throws Exception {
        for (String collector : AgentProcess.ownCollectors()) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", "500ms"));
        }
        agent.configure("tidewatch.store.sqlite", Map.of("wal.checkpoint.interval", "1s"));
        agent.await("an upload", () -> uploaded() > 0);
        server.kill();
        agent.await(
                "an upload to fail",
                () -> agent.component("uploader").path("details").has("last_error"));
        server.restart();

        Set<String> expected = new TreeSet<>();
        for (BundleReadme readme : BundleReadme.all()) {
            if (!readme.isOfMachine()) {
                readme.metrics()
                        .forEach(
                                metric -> expected.add(PrometheusName.of(metric.name(), metric.kind(), metric.unit())));
            }
        }
        expected.removeAll(Set.of(
                "collector_metrics_failed_total",
                "storage_metrics_dropped_total",
                "storage_metrics_evicted_total",
                "uploader_metrics_rejected_total"));
        assertThat(expected).contains("agent_restarts_total", "time_skew_ms").hasSizeGreaterThan(20);
        agent.await("every metric of the agent", () -> {
            server.flush();
            return names().containsAll(expected);
        });
    }

    @Test
    void aStopLosesNothingAndEndsTheSession() throws Exception {
        agent.awaitStatus("ok");
        Database database = new Database(agent.database());
        String tags = "{\"core\":\"all\",\"site\":\"studio\"}";
        agent.await("passes", () -> database.times("cpu.usage_percent", tags).size() > 5);
        long collected = 0;
        for (JsonNode component : agent.get("/health").json().path("components")) {
            collected += component.path("details").path("collected_total").asLong();
        }

        assertThat(agent.stop()).as("exit code on SIGTERM").isZero();

        assertThat(database.integrity()).isEqualTo("ok");
        assertThat(database.sessions()).containsExactly("completed");
        assertThat(collected).isGreaterThan(50);
        assertThat(database.count()).isGreaterThanOrEqualTo(collected);
    }

    @Test
    void aCrashIsRememberedAndHarmsNothing() throws Exception {
        agent.awaitStatus("ok");
        Database database = new Database(agent.database());
        agent.await("samples", () -> database.count() > 30);
        agent.kill();
        long atCrash = database.count();

        agent.start();
        agent.await("more samples", () -> database.count() > atCrash + 10);
        assertThat(agent.stop()).isZero();

        assertThat(database.integrity()).isEqualTo("ok");
        assertThat(database.sessions()).containsExactly("failed", "completed");
    }

    /** A server's acknowledgement means its memory; what it had there when it is killed is another test's matter. */
    private void killTheServerWhileNothingIsUnflushed() throws Exception {
        agent.signal("STOP");
        server.persist();
        server.kill();
        agent.signal("CONT");
    }

    private void killTheAgentAndStartItAgain() throws Exception {
        agent.kill();
        agent.start();
        agent.await("uploads to go on", () -> agent.get("/health/ready").status() == 200);
    }

    private long uploaded() throws IOException {
        return agent.component("uploader")
                .path("details")
                .path("uploaded_total")
                .asLong();
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        server.export("{device_id=\"" + DEVICE + "\"}").keySet().forEach(labels -> names.add(labels.get("__name__")));
        return names;
    }

    private long pending() throws IOException {
        return agent.get("/health")
                .json()
                .path("components")
                .path("storage")
                .path("details")
                .path("pending_count")
                .asLong(-1);
    }

    private void collectEvery(String interval) throws IOException {
        agent.configure("tidewatch.collector.cpu", Map.of("interval", interval))
                .configure("tidewatch.collector.memory", Map.of("interval", interval))
                .configure("tidewatch.clockskew", Map.of("enabled", "true"));
    }

    private void stopCollecting() throws IOException {
        AllCollectors.turnOff(agent);
    }
}
