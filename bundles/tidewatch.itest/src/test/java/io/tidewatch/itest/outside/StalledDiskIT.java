package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A worn card may take minutes for a write, which nothing can interrupt: nothing is lost, and the card is named. */
@Execution(ExecutionMode.CONCURRENT)
class StalledDiskIT {
    private static final int WAITING = 60;

    @Test
    void samplesWaitInMemoryAndHealthNamesTheDiskUntilItAnswers() throws Exception {
        Path folder = AgentProcess.workFolder("stalled-disk");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            FaultyDisk disk = FaultyDisk.of(agent);
            agent.configure("tidewatch.collector.load", Map.of("interval", "1s"));
            agent.start();
            agent.awaitStatus("ok");

            long begin = System.currentTimeMillis();
            disk.stall();
            agent.await("samples to wait in memory", () -> waiting(agent) > WAITING);
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
            long end = System.currentTimeMillis();

            disk.answer();
            agent.awaitStatus("ok");
            agent.await("all of them to be written", () -> waiting(agent) == 0);
            assertThat(agent.stop()).isZero();
            SortedMap<Long, Double> load = new Database(agent.database())
                    .numericSamples().entrySet().stream()
                            .filter(series -> "load_1m".equals(series.getKey().get("__name__")))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElseGet(TreeMap::new)
                            .subMap(begin, end);
            // Each pass has five samples; other collectors pass as well.
            assertThat(load).hasSizeGreaterThan(2);
        }
    }

    private static long waiting(AgentProcess agent) throws IOException {
        return agent.component("storage").path("details").path("ring_samples").asLong();
    }
}
