package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.api.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The agent with the configuration folder that is shipped, examples and all. */
class ShippedConfigurationIT {
    @Test
    void theSamplesChangeNothingAndTheExamplesAreNotRead() throws Exception {
        Map<String, Duration> documented = new TreeMap<>();
        for (BundleReadme readme : BundleReadme.all()) {
            if (readme.isOfMachine() && !readme.isFactory()) {
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
