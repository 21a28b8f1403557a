package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The shipped program exports from the database of a running agent, and of one that has ended. */
class ExportIT {
    @Test
    void exportsBesideTheAgentAndAfterIt() throws Exception {
        Path folder = AgentProcess.workFolder("export");
        Path output = folder.resolve("samples.jsonl.gz");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", "lonely"))
                .configure("tidewatch.collector.memory", Map.of("interval", "500ms"))) {
            agent.start();
            Database database = new Database(agent.database());
            agent.await("samples", () -> database.count() > 30);

            export(agent, output);
            assertThat(read(output).size()).isGreaterThan(5);
            Path copy = folder.resolve("backup.db");
            AgentProcess.Ended backup = agent.runAnother("backup", copy.toString());
            assertThat(backup.output()).isEqualTo(copy + ": " + Files.size(copy) + " bytes, verified\n");

            assertThat(agent.stop()).isZero();
            export(agent, output);
            assertThat(agent.database().resolveSibling("metrics.db-shm")).doesNotExist();
            Map<SortedMap<String, String>, SortedMap<Long, Double>> all = read(output);
            assertThat(all).isEqualTo(database.numericSamples());
            // Some collectors have a first value after the copy was made: all that the copy has is in the database.
            assertThat(new Database(copy).numericSamples())
                    .isNotEmpty()
                    .allSatisfy((series, samples) -> assertThat(all.get(series)).containsAllEntriesOf(samples));
        }
    }

    private static void export(AgentProcess agent, Path output) throws Exception {
        AgentProcess.Ended ended = agent.runAnother("export", "--output", output.toString());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains(" samples of ").doesNotContain("SLF4J");
    }

    private static Map<SortedMap<String, String>, SortedMap<Long, Double>> read(Path output) throws Exception {
        Map<SortedMap<String, String>, SortedMap<Long, Double>> samples = new HashMap<>();
        for (ReceivedSample sample : ImportLines.decodeGzip(Files.readAllBytes(output))) {
            samples.computeIfAbsent(sample.labels(), labels -> new TreeMap<>()).put(sample.timestamp(), sample.value());
        }
        return samples;
    }
}
