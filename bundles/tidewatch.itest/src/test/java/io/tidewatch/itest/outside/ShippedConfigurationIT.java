package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.api.config.Setting;
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
