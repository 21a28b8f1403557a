package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.api.config.Setting;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The agent with the configuration folder that is shipped, examples and all. */
class ShippedConfigurationIT {
    private static final Path OWN_METRICS = Path.of("../../docs/own-metrics.md");
    private static final Pattern TIME = Pattern.compile("\\d+(ms|s|m|h|d)");
    private static final Pattern REFUSED = Pattern.compile(
            "(?<file>[^/\\s]+)\\.cfg:\\d+: invalid (?<key>\\S+) \"36500d\" \\(expected a duration from \\S+ to (?<most>\\S+)\\)");

    private static final Pattern SAMPLE = Pattern.compile("```properties\n# (?<file>\\S+\\.cfg)\n(?<text>[^`]+)```");

    @Test
    void theSamplesChangeNothingAndTheExamplesAreNotRead() throws Exception {
        Map<String, Duration> documented = new TreeMap<>();
        for (BundleReadme readme : BundleReadme.all()) {
            if (readme.isOfMachine() && !readme.needsFile()) {
                documented.put(
                        readme.bundle().replaceFirst("tidewatch\\.collector\\.", ""),
                        Setting.duration("interval", readme.interval()));
            }
        }
        Path folder = AgentProcess.workFolder("shipped-configuration");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            installShippedConfiguration(agent);
            assertThat(agent.folder("config/examples/belabox/tidewatch.collector.network.cfg"))
                    .exists();
            agent.start();
            agent.await("health", () -> agent.get("/health/live").status() == 200);

            for (Map.Entry<String, Duration> collector : documented.entrySet()) {
                String name = "collector." + collector.getKey();
                agent.await(name, () -> agent.component(name).path("details").has("last_success"));
                JsonNode health = agent.component(name);
                assertThat(health.path("status").asText())
                        .as(name + ": " + health.path("message").asText())
                        .isEqualTo("ok");
                assertThat(health.path("details").path("interval_seconds").asDouble())
                        .as("interval of " + name)
                        .isEqualTo(collector.getValue().toMillis() / 1000.0);
            }
            assertThat(agent.stop()).isZero();
        }
    }

    /** Everywhere in one agent: what is counted in nanoseconds may overflow. */
    @Test
    void theLongestTimesWork() throws Exception {
        Path folder = AgentProcess.workFolder("longest-times");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            Map<String, Map<String, String>> longest = longestTimes(agent);
            assertThat(longest.values().stream().mapToInt(Map::size).sum()).isGreaterThan(50);
            longest.get("tidewatch.uploader.victoriametrics")
                    .put("url", server.importUrl().toString());
            longest.get("tidewatch.health").put("address", "127.0.0.1:" + agent.port());
            for (Map.Entry<String, Map<String, String>> file : longest.entrySet()) {
                agent.configure(file.getKey(), file.getValue());
            }
            agent.start();

            agent.await(
                    "a pass",
                    () -> agent.component("collector.memory").path("details").has("last_success"));
            agent.await(
                    "an upload",
                    () -> agent.component("uploader").path("message").asText().equals("uploads work"));
            agent.awaitStatus("ok");
            assertThat(agent.output()).doesNotContain("Exception");
            assertThat(agent.stop()).isZero();
        }
    }

    /** By file the longest time of each of its keys that the agent accepts. */
    private static Map<String, Map<String, String>> longestTimes(AgentProcess agent) throws Exception {
        ShippedKeys shipped = ShippedKeys.read();
        Map<String, Map<String, String>> longest = new TreeMap<>();
        for (Map.Entry<String, ShippedKeys.Pid> pid : shipped.pids().entrySet()) {
            Map<String, String> keys = new TreeMap<>();
            pid.getValue().keys().forEach((key, known) -> {
                if (TIME.matcher(known.value()).matches()) {
                    keys.put(key, "36500d");
                }
            });
            if (pid.getKey().startsWith(ShippedKeys.COLLECTOR)
                    && shipped.file(pid.getKey(), "x").equals(pid.getKey())) {
                keys.put("interval", "36500d");
                keys.put("timeout", "36500d");
            }
            if (!keys.isEmpty()) {
                longest.put(shipped.file(pid.getKey(), "x"), keys);
            }
        }
        longest.keySet().removeIf(file -> file.endsWith("-x"));
        Path checked = Files.createDirectory(agent.folder("checked"));
        for (Map.Entry<String, Map<String, String>> file : longest.entrySet()) {
            Files.write(
                    checked.resolve(file.getKey() + ".cfg"),
                    file.getValue().entrySet().stream()
                            .map(key -> key.getKey() + " = " + key.getValue())
                            .toList());
        }
        Matcher refused =
                REFUSED.matcher(agent.runAnother("--check", checked.toString()).output());
        while (refused.find()) {
            Map<String, String> keys = longest.get(refused.group("file"));
            keys.put(refused.group("key"), refused.group("most"));
        }
        return longest;
    }

    @Test
    void theExamplesAreAccepted() throws Exception {
        Path folder = AgentProcess.workFolder("shipped-examples");
        Path samples = example("own-metrics", folder);
        Path profile = example("belabox", folder);
        Path ofPage = Files.createDirectory(folder.resolve("page"));
        Matcher blocks = SAMPLE.matcher(Files.readString(OWN_METRICS));
        while (blocks.find()) {
            Files.writeString(ofPage.resolve(blocks.group("file")), blocks.group("text"));
        }
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            for (Path checked : List.of(samples, profile, ofPage)) {
                AgentProcess.Ended ended = agent.runAnother("--check", checked.toString());
                assertThat(ended.output().lines()).hasSizeGreaterThan(3).allMatch(line -> line.endsWith(".cfg: ok"));
                assertThat(ended.exitCode()).isZero();
            }
        }
    }

    /** Copies the .cfg files of an example, and returns where they are. */
    private static Path example(String name, Path to) throws IOException {
        Path shipped = AgentProcess.distribution().resolve("config/examples").resolve(name);
        Path copy = Files.createDirectory(to.resolve(name));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shipped, "*.cfg")) {
            for (Path file : files) {
                Files.copy(file, copy.resolve(shipped.relativize(file).toString()));
            }
        }
        return copy;
    }

    /** All but the address of health, on which another agent may listen. */
    private static void installShippedConfiguration(AgentProcess agent) throws Exception {
        Path shipped = AgentProcess.distribution().resolve("config");
        try (Stream<Path> paths = Files.walk(shipped)) {
            for (Path path : paths.toList()) {
                Path copy =
                        agent.folder("config").resolve(shipped.relativize(path).toString());
                if (Files.notExists(copy)) {
                    Files.copy(path, copy);
                }
            }
        }
    }
}
