package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Memory of the shipped agent at its default configuration, with uploads and the class archive, as the package runs it.
 * The limits are loose enough for noise, and tight enough to show a library too many; docs/benchmarks.md has the figures.
 */
class BudgetIT {
    private static final long RESIDENT_KB = 90 << 10;
    private static final long ANONYMOUS_KB = 48 << 10;

    @Test
    void staysWithinItsMemory() throws Exception {
        Path folder = AgentProcess.workFolder("budget");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure(
                    "tidewatch.uploader.victoriametrics",
                    Map.of("url", server.importUrl().toString()));
            agent.archived().start();
            agent.await("uploads and a second pass of load", () -> uploaded(agent) > 100 && loads(agent) > 5);

            long resident = kilobytes(agent, "VmRSS:");
            long anonymous = kilobytes(agent, "RssAnon:");
            System.out.printf("BudgetIT: %d kB resident, %d kB of it anonymous%n", resident, anonymous);
            assertThat(resident).as("kB resident").isBetween(20_000L, RESIDENT_KB);
            assertThat(anonymous).as("kB anonymous").isBetween(10_000L, ANONYMOUS_KB);
        }
    }

    private static long uploaded(AgentProcess agent) throws IOException {
        return agent.component("uploader")
                .path("details")
                .path("uploaded_total")
                .asLong();
    }

    /** Samples of a collector that runs every half minute, five at a time. */
    private static long loads(AgentProcess agent) throws IOException {
        return agent.component("collector.load")
                .path("details")
                .path("collected_total")
                .asLong();
    }

    private static long kilobytes(AgentProcess agent, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(agent.process().pid()), "status")).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
