package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.itest.outside.AgentProcess.Ended;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator asks of a running agent, of one in trouble, and of one that is down. */
class OperatorIT {
    private static final String UPLOADER = "tidewatch.uploader.victoriametrics";

    @Test
    void answersWhileTheAgentIsOkDegradedAndDown() throws Exception {
        Path folder = AgentProcess.workFolder("operator");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            uploadTo(agent, folder, server.importUrl().toString());
            agent.configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                    .start();
            agent.await("ready", () -> agent.get("/health/ready").status() == 200);

            Ended status = agent.runAnother("status");
            assertThat(status.exitCode()).as(status.output()).isZero();
            assertThat(status.output())
                    .startsWith("tidewatch ")
                    .contains("COMPONENT", "samples pending")
                    .containsPattern("collector.memory +ok")
                    .containsPattern("uploader +ok")
                    .doesNotContain("\033");
            assertThat(agent.runAnother("status", "--json").output()).contains("\"components\":{");
            Ended page = agent.runAnother("page");
            assertThat(page.exitCode()).as(page.output()).isZero();
            assertThat(page.output())
                    .startsWith("page       http://127.0.0.1:" + agent.port() + "/\n")
                    .contains("elsewhere  ssh -L ", "access     open through loopback only");
            Ended doctor = agent.runAnother("doctor");
            assertThat(doctor.exitCode()).as(doctor.output()).isZero();
            assertThat(doctor.output())
                    .contains("takes samples", "can be used", "is whole", "agrees with the server's", "sent again once")
                    .contains("No problems.")
                    .doesNotContain("FAIL", "SLF4J");
            assertThat(agent.runAnother("tail", "--metric", "memory.used_bytes", "-n", "2"))
                    .matches(ended -> ended.exitCode() == 0)
                    .matches(ended -> ended.output().lines().count() == 3)
                    .matches(ended -> ended.output().endsWith("  memory.used_bytes\n"));
            Process colourful = onTerminal(agent, folder, Map.of("TERM", "xterm"));
            assertThat(outputOf(colourful)).contains("\033[32mok");
            Process plain = onTerminal(agent, folder, Map.of("TERM", "xterm", "NO_COLOR", "1"));
            assertThat(outputOf(plain)).contains("uploader").doesNotContain("\033");

            server.stop();
            agent.awaitStatus("degraded");
            status = agent.runAnother("status");
            assertThat(status.exitCode()).as(status.output()).isEqualTo(1);
            assertThat(status.output()).containsPattern("MESSAGE\\s+uploader +degraded ");
            doctor = agent.runAnother("doctor");
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.output()).containsPattern("FAIL +server ").containsPattern("FAIL +agent +it is degraded");

            assertThat(agent.stop()).isZero();
            status = agent.runAnother("status");
            assertThat(status.exitCode()).as(status.output()).isEqualTo(3);
            assertThat(status.output()).contains("down: no agent answers", "last end", "in order", "pending samples  ");
            Ended tail = agent.runAnother("tail", "-n", "5");
            assertThat(tail.exitCode()).as(tail.output()).isZero();
            assertThat(tail.output()).contains("stored before").hasLineCount(7);
            assertThat(agent.database().resolveSibling("metrics.db-shm")).doesNotExist();
        }
    }

    @Test
    void findsTheNineFaultsOfASetUp() throws Exception {
        Path folder = AgentProcess.workFolder("operator-faults");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                    .start();
            agent.await("many samples", () -> new Database(agent.database()).count() > 300);
            assertThat(agent.stop()).isZero();

            String url = "http://127.0.0.1:" + FreePort.next() + "/api/v1/import";
            uploadTo(agent, folder, url);
            agent.configure("tidewatch.collector.cpu", Map.of("interval", "soon"))
                    .configure("tidewatch.collector.disk", Map.of("intervall", "5s"))
                    .configure("tidewatch.collector.load", Map.of("priority", "urgent"))
                    .configure("tidewatch.store.sqlite", Map.of("min.free", "1000000GiB"));
            Files.writeString(folder.resolve("deploy/broken.jar"), "PK");
            Files.setPosixFilePermissions(agent.database(), PosixFilePermissions.fromString("r--r--r--"));
            damage(agent.database());
            Files.setPosixFilePermissions(folder.resolve("state"), PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                Ended doctor = agent.runAnother("doctor");

                assertThat(doctor.exitCode()).isEqualTo(1);
                assertThat(doctor.output().lines().filter(line -> line.startsWith("FAIL")))
                        .as(doctor.output())
                        .hasSize(10)
                        .anyMatch(line -> line.contains("tidewatch.collector.cpu.cfg:1: ") && line.contains("soon"))
                        .anyMatch(
                                line -> line.contains("tidewatch.collector.disk.cfg:1: ") && line.contains("intervall"))
                        .anyMatch(line -> line.contains("tidewatch.collector.load.cfg:1: ") && line.contains("urgent"))
                        .anyMatch(line -> line.contains("broken.jar is no OSGi bundle"))
                        .anyMatch(line -> line.contains("cannot write in it"))
                        .anyMatch(line -> line.contains("cannot write " + agent.database()))
                        .anyMatch(line -> line.contains("less than min.free"))
                        .anyMatch(line -> line.contains("is damaged: "))
                        .anyMatch(line -> line.contains("no agent answers at"))
                        .anyMatch(line -> line.contains("is VictoriaMetrics running there?"));
            } finally {
                Files.setPosixFilePermissions(folder.resolve("state"), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static void uploadTo(AgentProcess agent, Path folder, String url) throws Exception {
        Path token = SecretFile.write(folder.resolve("token"), "s3cret");
        agent.configure(UPLOADER, Map.of("url", url, "upload.interval", "500ms", "token.file", token.toString()));
    }

    private static void damage(Path database) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            long page = 512;
            file.seek(file.length() / 2 / page * page);
            file.write(new byte[(int) (file.length() / 4)]);
        }
    }

    /** The command on a terminal of its own, made by script(1). */
    private static Process onTerminal(AgentProcess agent, Path folder, Map<String, String> more) throws Exception {
        String command = AgentProcess.distribution().resolve("bin/tidewatch") + " status";
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null")
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Map<String, String> environment = new HashMap<>(more);
        environment.put("TIDEWATCH_CONFIG", agent.folder("config").toString());
        environment.put("TIDEWATCH_STATE", agent.folder("state").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("NO_COLOR");
        builder.environment().putAll(environment);
        return builder.directory(folder.toFile()).start();
    }

    private static String outputOf(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
