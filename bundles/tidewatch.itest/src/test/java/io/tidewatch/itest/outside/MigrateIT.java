package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.itest.outside.AgentProcess.Ended;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.server.VmAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** From the original agent to the shipped one: configuration, token and database. */
class MigrateIT {
    private static final Path CASES = Path.of("../tidewatch.command/src/test/resources/migrate");
    private static final String DEVICE = "rig-7";
    private static final String TOKEN = "t0p-s3cret";

    @Test
    void theAgentGoesOnWhereTheOriginalEnded() throws Exception {
        Path folder = AgentProcess.workFolder("migrate");
        Path before = folder.resolve("before/metrics.db");
        Instant pendingSince = OriginalAgent.leaveDatabase(before, DEVICE);
        try (VictoriaMetrics server = VictoriaMetrics.start();
                VmAuth door = VmAuth.start(server.url(), "/api/v1/import", TOKEN);
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            // Health is to be where the original had it.
            Files.delete(folder.resolve("config/tidewatch.health.cfg"));
            Path yaml = Files.writeString(
                    folder.resolve("config.yaml"),
                    configuration(before, door.url("/api/v1/import") + "", server.url() + "/health", agent.port()));

            Ended migrated = agent.runAnother("migrate", "--config", yaml.toString());
            assertThat(migrated.exitCode()).as(migrated.output()).isZero();
            assertThat(migrated.output())
                    .contains("path = " + before, "is taken over at the first start", "/bin/tidewatch run")
                    .doesNotContain(TOKEN);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("config/token"))))
                    .isEqualTo("rw-------");
            Ended checked = agent.runAnother("--check");
            assertThat(checked.exitCode()).as(checked.output()).isZero();

            agent.start();
            agent.awaitStatus("ok");
            agent.await("ready", () -> agent.get("/health/ready").status() == 200);
            SortedMap<String, String> series = new TreeMap<>(
                    Map.of("__name__", "network_rx_bytes_total", "device_id", DEVICE, "interface", "eth0"));
            agent.await("what was pending", () -> {
                server.flush();
                return pending(server, series, pendingSince).size() == OriginalAgent.PENDING;
            });
            agent.await("what the agent collects itself", () -> {
                server.flush();
                return server.export("{__name__=\"memory_used_bytes\",device_id=\"" + DEVICE + "\"}")
                                .size()
                        == 1;
            });
            // What the original had delivered does not come again.
            assertThat(server.export("{device_id=\"" + DEVICE + "\"}")
                            .get(series)
                            .firstKey())
                    .isEqualTo(pendingSince.toEpochMilli());
            assertThat(server.export("{device_id=\"" + DEVICE + "\"}").keySet())
                    .as("series on the server: no disk, which the original did not run")
                    .noneMatch(labels -> String.valueOf(labels.get("__name__")).startsWith("disk_"));
            assertThat(agent.folder("state/metrics.db")).doesNotExist();
            assertThat(agent.component("collector.memory")
                            .path("details")
                            .path("interval_seconds")
                            .asInt())
                    .isEqualTo(1);
            assertThat(agent.stop()).isZero();
        }
    }

    private static SortedMap<Long, Double> pending(
            VictoriaMetrics server, SortedMap<String, String> series, Instant since) throws Exception {
        SortedMap<Long, Double> all =
                server.export("{device_id=\"" + DEVICE + "\"}").getOrDefault(series, new TreeMap<>());
        return all.subMap(
                since.toEpochMilli(), since.plusSeconds(OriginalAgent.PENDING).toEpochMilli());
    }

    private static String configuration(Path database, String url, String health, int port) {
        return String.join(
                "\n",
                "device:",
                "  id: " + DEVICE,
                "storage:",
                "  path: " + database,
                "remote:",
                "  url: " + url,
                "  enabled: true",
                "  upload_interval: 1s",
                "  auth_token: " + TOKEN,
                "monitoring:",
                "  clock_skew_url: " + health,
                "  health_address: 127.0.0.1:" + port,
                "logging:",
                "  format: json",
                "metrics:",
                "  - {name: memory.usage, interval: 1s, enabled: true}",
                "  - {name: network.traffic, interval: 1s, enabled: false}",
                "");
    }

    @Test
    void theShippedCheckAgreesWithEveryExpectation() throws Exception {
        Path folder = AgentProcess.workFolder("migrate-cases");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder);
                Stream<Path> cases = Files.list(CASES)) {
            for (Path each : cases.sorted().toList()) {
                String text = Files.readString(each.resolve("config.yaml"))
                        .replace("@STATE@", agent.folder("state").toString());
                Path yaml = Files.writeString(folder.resolve("config.yaml"), text);
                Path target = folder.resolve("of").resolve(each.getFileName().toString());

                Ended ended = agent.runAnother("migrate", "--config", yaml.toString(), "--to", target.toString());

                String expected =
                        Files.readAllLines(each.resolve("expected.txt")).get(0);
                assertThat("exit code " + ended.exitCode())
                        .as(each + ": " + ended.output())
                        .isEqualTo(expected);
                if (ended.exitCode() == 0) {
                    Ended checked = agent.runAnother("--check", target.toString());
                    assertThat(checked.exitCode()).as(checked.output()).isZero();
                } else {
                    assertThat(list(target)).isEmpty();
                }
            }
        }
    }

    private static Path[] list(Path folder) throws Exception {
        if (Files.notExists(folder)) {
            return new Path[0];
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.toArray(Path[]::new);
        }
    }

    @Test
    void theAgentNeverLoadsTheYamlLibrary() throws Exception {
        Path tree = AgentProcess.distribution();
        assertThat(tree.resolve("lib/snakeyaml-engine.jar")).exists();
        try (Stream<Path> bundles = Files.walk(tree.resolve("bundles"))) {
            assertThat(bundles.map(Path::toString)).noneMatch(name -> name.contains("yaml"));
        }
        long uses = Files.readAllLines(tree.resolve("bin/tidewatch")).stream()
                .filter(line -> line.contains("snakeyaml"))
                .count();
        assertThat(uses).as("lines of the start script that name it").isEqualTo(1);
    }
}
