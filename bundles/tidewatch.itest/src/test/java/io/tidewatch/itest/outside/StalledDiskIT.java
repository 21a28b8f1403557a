package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A worn card may take minutes for a write, which nothing can interrupt: nothing is lost, and the card is named. */
class StalledDiskIT {
    private static final int PASSES = 5;

    @Test
    void samplesWaitInMemoryAndHealthNamesTheDiskUntilItAnswers() throws Exception {
        Path folder = AgentProcess.workFolder("stalled-disk");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            FaultyDisk disk = FaultyDisk.of(agent);
            agent.configure("tidewatch.collector.load", Map.of("interval", "1s"));
            agent.start();
            agent.awaitStatus("ok");

            disk.stall();
            Set<Long> passes = new TreeSet<>();
            agent.await("passes whose samples wait in memory", () -> {
                if (waiting(agent) > 0) {
                    passes.add(Instant.parse(agent.component("collector.load")
                                    .path("details")
                                    .path("last_success")
                                    .asText())
                            .toEpochMilli());
                }
                return passes.size() == PASSES;
            });
            JsonNode health = agent.get("/health").json();
            assertThat(health.path("status").asText()).isEqualTo("error");
            assertThat(health.path("message").asText())
                    .startsWith("storage: Writing to " + agent.database())
                    .contains("has not returned for 7 s. Check its disk", "samples wait in memory");
            health.path("components").properties().stream()
                    .filter(component -> component.getKey().startsWith("collector."))
                    .forEach(component -> assertThat(
                                    component.getValue().path("message").asText())
                            .as(component.getKey())
                            .doesNotContain("hung", "failed"));
            assertThat(agent.get("/health/live").status()).isEqualTo(200);

            disk.answer();
            agent.awaitStatus("ok");
            agent.await("all of them to be written", () -> waiting(agent) == 0);
            assertThat(agent.stop()).isZero();
            SortedMap<Long, Double> load = new Database(agent.database())
                    .numericSamples().entrySet().stream()
                            .filter(series -> "load_1m".equals(series.getKey().get("__name__")))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElseGet(TreeMap::new);
            assertThat(load.keySet()).containsAll(passes);
        }
    }

    private static long waiting(AgentProcess agent) throws IOException {
        return agent.component("storage").path("details").path("ring_samples").asLong();
    }
}
