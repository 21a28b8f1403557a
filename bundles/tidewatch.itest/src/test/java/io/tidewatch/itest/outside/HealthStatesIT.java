package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped agent gets into every state that its health knows, by what happens to an agent, and out of it again. */
class HealthStatesIT {
    private Path proc;
    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        Path folder = AgentProcess.workFolder("health-states");
        proc = Files.createDirectories(folder.resolve("proc"));
        fix("stat");
        fix("meminfo");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", "states"))
                .configure("tidewatch.procfs", Map.of("procfs.root", proc.toString()));
        for (String collector : AgentProcess.shippedCollectors()) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        agent.configure("tidewatch.collector.cpu", Map.of("interval", "200ms"))
                .configure("tidewatch.collector.memory", Map.of("interval", "200ms"))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of(
                                "url", server.importUrl().toString(),
                                "upload.interval", "250ms",
                                "retry.initial.backoff", "100ms",
                                "retry.max.backoff", "200ms"));
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @Test
    void collectorsFailOneByOneAndComeBack() throws Exception {
        agent.start();
        agent.awaitStatus("ok");

        breakFile("stat");
        agent.awaitStatus("degraded");
        assertThat(health(200).path("message").asText()).startsWith("collector.cpu: the last pass failed: ");

        breakFile("meminfo");
        agent.awaitStatus("error");
        assertThat(health(503).path("message").asText()).startsWith("every collector fails; fix ");
        assertThat(component("collector.memory")
                        .path("details")
                        .path("consecutive_failures")
                        .asInt())
                .isPositive();

        fix("meminfo");
        agent.awaitStatus("degraded");
        fix("stat");
        agent.awaitStatus("ok");
        JsonNode details = component("collector.cpu").path("details");
        assertThat(Instant.parse(details.path("last_success").asText())).isNotNull();
        assertThat(details.path("consecutive_failures").asInt()).isZero();
    }

    @Test
    void uploadsFailAndComeBack() throws Exception {
        server.stop();
        agent.configure("tidewatch.health", health("error.pending", "40", "error.upload.age", "4s"));
        agent.start();

        agent.await("the first report", () -> agent.component("uploader").has("status"));
        assertThat(agent.get("/health/ready").status()).isEqualTo(503);
        agent.awaitStatus("degraded");
        assertThat(component("uploader").path("details").has("last_upload_time"))
                .isFalse();
        agent.awaitStatus("error");
        JsonNode error = health(503);
        assertThat(error.path("message").asText()).startsWith("uploader: no upload for ");
        JsonNode failing = error.path("components").path("uploader");
        assertThat(failing.path("status").asText()).isEqualTo("error");
        assertThat(failing.path("message").asText()).contains("expected every 1 s");
        assertThat(failing.path("details").path("last_error").asText()).isNotBlank();
        assertThat(failing.path("details").path("pending_count").asLong()).isGreaterThan(40);
        assertThat(failing.path("details").path("oldest_pending_seconds").asLong())
                .isPositive();
        assertThat(agent.get("/health/ready").json().path("current_status").asText())
                .isEqualTo("error");
        assertThat(agent.get("/health/live").status()).isEqualTo(200);

        server.restart();
        agent.awaitStatus("ok");
        agent.await("readiness", () -> agent.get("/health/ready").status() == 200);
        JsonNode working = component("uploader").path("details");
        assertThat(Instant.parse(working.path("last_upload_time").asText())).isNotNull();
        assertThat(working.path("time_since_upload_seconds").asDouble()).isLessThanOrEqualTo(2);
    }

    @Test
    void samplesPileUpAndAreDelivered() throws Exception {
        agent.configure("tidewatch.health", health("degraded.pending", "30", "degraded.upload.age", "1h"));
        agent.start();
        agent.awaitStatus("ok");
        server.stop();
        agent.await(
                "a backlog",
                () -> component("uploader").path("message").asText().contains("the limit is 30"));
        assertThat(health(200).path("status").asText()).isEqualTo("degraded");

        server.restart();
        agent.awaitStatus("ok");
    }

    @Test
    void withoutUploadsOrCollectorsItSaysSo() throws Exception {
        agent.configure("tidewatch.uploader.victoriametrics", Map.of("enabled", "false"));
        agent.start();
        agent.awaitStatus("ok");
        assertThat(component("uploader").path("message").asText()).startsWith("disabled");
        assertThat(agent.get("/health/ready").status()).isEqualTo(200);

        agent.configure("tidewatch.collector.cpu", Map.of("enabled", "false"))
                .configure("tidewatch.collector.memory", Map.of("enabled", "false"));
        agent.awaitStatus("degraded");
        assertThat(health(200).path("message").asText()).startsWith("no collector is running; install one");
        assertThat(agent.get("/health/ready").json().path("reason").asText()).startsWith("no collector is running");

        agent.configure("tidewatch.collector.memory", Map.of("interval", "200ms"));
        agent.awaitStatus("ok");
    }

    /** Case C07: what a power cut leaves of the file that says where samples go. */
    @Test
    void anEmptiedFileOfTheUploaderEndsNoDelivery() throws Exception {
        agent.start();
        agent.awaitStatus("ok");
        agent.await("readiness", () -> agent.get("/health/ready").status() == 200);
        Files.write(agent.folder("config").resolve("tidewatch.uploader.victoriametrics.cfg"), new byte[0]);
        for (int run = 0; run < 2; run++) {
            agent.await("health to name it", () -> component("config")
                    .path("message")
                    .asText()
                    .startsWith("tidewatch.uploader.victoriametrics.cfg: is empty"));
            assertThat(component("config").path("status").asText()).isEqualTo("degraded");
            agent.await("the log to name it", () -> agent.output().contains("victoriametrics.cfg: is empty"));
            long before = delivered();
            agent.await("deliveries to go on", () -> delivered() > before);
            assertThat(agent.stop()).isZero();
            AgentProcess.Ended checked = agent.runAnother("--check");
            assertThat(checked.exitCode()).isEqualTo(78);
            assertThat(checked.output()).contains("tidewatch.uploader.victoriametrics.cfg: is empty");
            agent.start();
        }
    }

    /** Cases C05 and C06: a name that any number of machines have, until the network brings another one. */
    @Test
    void aMachineThatGetsItsNameLaterIsCalledByIt() throws Exception {
        Path name = Files.createDirectories(proc.resolve("sys/kernel")).resolve("hostname");
        Files.writeString(name, "localhost\n");
        Path root = Files.createDirectories(proc.resolveSibling("root"));
        agent.configure("tidewatch.device", Map.of("labels", "site=road"))
                .configure("tidewatch.procfs", Map.of("procfs.root", proc.toString(), "rootfs.root", root.toString()))
                .variable("HOSTNAME", "localhost");
        agent.start();
        agent.await(
                "health to name it",
                () -> component("device").path("message").asText().startsWith("the device id is 'localhost'"));
        assertThat(component("device").path("status").asText()).isEqualTo("degraded");
        assertThat(agent.get("/health").json().path("device_id").asText()).isEqualTo("localhost");
        AgentProcess.Ended doctor = agent.runAnother("doctor");
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.output()).contains("the device id is 'localhost'", "set id in tidewatch.device.cfg");

        Files.writeString(name, "encoder-9\n");
        agent.await(
                "the name",
                () -> agent.get("/health").json().path("device_id").asText().equals("encoder-9"));
        agent.awaitStatus("ok");
        agent.await("series of that name", () -> {
            server.flush();
            return !server.export("{device_id=\"encoder-9\"}").isEmpty();
        });
    }

    private long delivered() {
        return component("uploader").path("details").path("uploaded_total").asLong();
    }

    private Map<String, String> health(String key, String value, String otherKey, String otherValue) {
        return Map.of("address", "127.0.0.1:" + agent.port(), key, value, otherKey, otherValue);
    }

    /** The report, and what every report has. */
    private JsonNode health(int status) throws IOException {
        AgentProcess.Answer answer = agent.get("/health");
        assertThat(answer.status()).isEqualTo(status);
        JsonNode report = answer.json();
        assertThat(report.path("device_id").asText()).isEqualTo("states");
        assertThat(report.path("version").asText()).isNotBlank();
        assertThat(report.path("uptime_seconds").isNumber()).isTrue();
        assertThat(Instant.parse(report.path("timestamp").asText())).isNotNull();
        assertThat(report.path("components")).isNotEmpty().allSatisfy(component -> {
            assertThat(component.path("status").asText()).isIn("ok", "degraded", "error");
            assertThat(component.path("message").asText()).isNotBlank();
            assertThat(Instant.parse(component.path("timestamp").asText())).isNotNull();
            assertThat(component.path("details").isObject()).isTrue();
        });
        return report;
    }

    private JsonNode component(String name) {
        return agent.component(name);
    }

    private void breakFile(String name) throws IOException {
        Files.writeString(proc.resolve(name), "nothing that can be read\n");
    }

    private void fix(String name) throws IOException {
        Files.writeString(proc.resolve(name), Files.readString(Path.of("/proc", name)));
    }
}
