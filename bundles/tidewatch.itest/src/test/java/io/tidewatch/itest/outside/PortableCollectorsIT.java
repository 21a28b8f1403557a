package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The collectors for systems without /proc, on the machine that the tests run on. */
class PortableCollectorsIT {
    private static final List<String> NAMES = List.of("cpu", "memory", "network", "load", "uptime", "filesystem");
    private static final String BUNDLE = "tidewatch.collector.oshi";

    @Test
    void runWhereTheEnvironmentAsksForThem() throws Exception {
        Path folder = AgentProcess.workFolder("portable");
        try (AgentProcess agent = new AgentProcess(treeWithPortable("6.portable", folder), folder)) {
            for (String name : NAMES) {
                agent.configure("tidewatch.collector." + name, Map.of("interval", "1s"));
            }
            agent.configure("tidewatch.collector.network", Map.of("interval", "1s", "exclude", "eth.*"));
            agent.variable("TIDEWATCH_COLLECTORS", "portable").start();

            for (String name : NAMES) {
                agent.await("samples of " + name + " from OSHI", () -> {
                    JsonNode collector = agent.component("collector." + name);
                    JsonNode details = collector.path("details");
                    return collector.path("status").asText().equals("ok")
                            && details.path("bundle").asText().startsWith(BUNDLE + " ")
                            && details.path("samples").asInt() > 0
                            && details.path("interval_seconds").asDouble() == 1;
                });
            }
            assertThat(agent.component("collector.disk").isMissingNode())
                    .as("no collector on /proc runs")
                    .isTrue();
            agent.awaitStatus("ok");
            assertThat(agent.stop()).isZero();
            assertThat(seriesOf(agent))
                    .contains(
                            "cpu_usage_percent",
                            "memory_used_bytes",
                            "network_rx_bytes_total lo",
                            "load_1m",
                            "filesystem_readonly",
                            "system_uptime_seconds")
                    .noneMatch(series -> series.startsWith("network_rx_bytes_total eth"));
        }
    }

    @Test
    void standByWhereTheCollectorsOnProcAreInstalledToo() throws Exception {
        Path folder = AgentProcess.workFolder("both-collectors");
        Path tree = treeWithPortable("6.linux", folder);
        List<String> onProc = collectorsOnProc(tree);
        assertThat(onProc).contains("cpu", "memory", "network", "load", "uptime");
        try (AgentProcess agent = new AgentProcess(tree, folder)) {
            for (String name : onProc) {
                agent.configure("tidewatch.collector." + name, Map.of("interval", "1s"));
            }
            agent.start();

            for (String name : onProc) {
                agent.await("samples of " + name + " from /proc", () -> {
                    JsonNode details = agent.component("collector." + name).path("details");
                    return details.path("bundle").asText().startsWith("tidewatch.collector." + name + " ")
                            && details.path("standby").asInt() == 1
                            && details.path("samples").asInt() > 0
                            && details.path("interval_seconds").asDouble() == 1;
                });
            }
            assertThat(agent.stop()).isZero();
        }
    }

    /** They would make a device's distribution larger for nothing; the profile 'portable' of the build adds them. */
    @Test
    void areNotPartOfWhatRunsOnADevice() throws Exception {
        Path folder = AgentProcess.workFolder("no-portable");
        boolean wanted = Boolean.getBoolean("tidewatch.portable");
        assertThat(Files.exists(AgentProcess.distribution().resolve("bundles/6.portable")))
                .as("in the distribution, as the profile says")
                .isEqualTo(wanted);
        try (AgentProcess agent = new AgentProcess(treeWithoutPortable(folder), folder)) {
            AgentProcess.Ended ended =
                    agent.variable("TIDEWATCH_COLLECTORS", "portable").runAnother("run");

            assertThat(ended.exitCode()).isEqualTo(78);
            assertThat(ended.output())
                    .contains("'portable'", "has 'linux'", "TIDEWATCH_COLLECTORS")
                    .hasLineCount(1);
            assertThat(folder.resolve("state/metrics.db")).doesNotExist();
        }
    }

    /** Those that the distribution has besides the portable ones of that name. */
    private static List<String> collectorsOnProc(Path tree) throws IOException {
        try (Stream<Path> jars = Files.list(tree.resolve("bundles/6.linux"))) {
            return jars.map(jar -> jar.getFileName().toString().replaceFirst("-.*", ""))
                    .map(name -> name.replace("tidewatch.collector.", ""))
                    .filter(NAMES::contains)
                    .toList();
        }
    }

    private static Path treeWithPortable(String level, Path folder) throws IOException {
        Path tree = AgentProcess.copyOfDistribution(folder.resolve("tidewatch"));
        Path bundles = Files.createDirectories(tree.resolve("bundles").resolve(level));
        Files.copy(Path.of(System.getProperty("tidewatch.itest.portable")), bundles.resolve(BUNDLE + ".jar"));
        return tree;
    }

    private static Path treeWithoutPortable(Path folder) throws IOException {
        Path tree = AgentProcess.copyOfDistribution(folder.resolve("tidewatch"));
        Path portable = tree.resolve("bundles/6.portable");
        if (Files.exists(portable)) {
            try (Stream<Path> jars = Files.list(portable)) {
                for (Path jar : jars.toList()) {
                    Files.delete(jar);
                }
            }
            Files.delete(portable);
        }
        return tree;
    }

    /** The names of all series, with the interface behind those that have one. */
    private static Set<String> seriesOf(AgentProcess agent) throws Exception {
        return new Database(agent.database())
                .numericSamples().keySet().stream()
                        .map(PortableCollectorsIT::nameOf)
                        .collect(Collectors.toSet());
    }

    private static String nameOf(SortedMap<String, String> labels) {
        return (labels.get("__name__") + " " + labels.getOrDefault("interface", "")).strip();
    }
}
