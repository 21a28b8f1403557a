package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The agent on every Java that is installed here and newer than the one that it is built for. */
class NewerJavaIT {
    private static final int BUILT_FOR = 17;
    private static final Path JAVAS = Path.of("/usr/lib/jvm");

    /** None where no other Java is installed. */
    @TestFactory
    List<DynamicTest> startsCollectsDeliversAndStops() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path java : newer()) {
            tests.add(dynamicTest(java.toString(), () -> run(java)));
        }
        return tests;
    }

    @Test
    void theOneThatItIsBuiltForIsNoNewerOne() throws IOException {
        assertThat(version(Path.of(System.getProperty("java.home")))).isEqualTo(BUILT_FOR);
    }

    private static void run(Path java) throws Exception {
        Path folder = AgentProcess.workFolder("newer-java");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)
                        .variable("JAVA_HOME", java.toString())
                        .configure("tidewatch.device", Map.of("id", "newer"))
                        .configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                        .configure(
                                "tidewatch.uploader.victoriametrics",
                                Map.of("url", server.importUrl().toString(), "upload.interval", "500ms"))) {
            AgentProcess.Ended made = agent.runAnother("archive");
            assertThat(made.exitCode()).as(made.output()).isZero();
            assertThat(made.output()).contains("is made");
            agent.start();
            agent.awaitStatus("ok");
            agent.await("samples at the server", () -> {
                server.flush();
                return !server.export("memory_used_bytes{device_id=\"newer\"}").isEmpty();
            });
            assertThat(Files.readString(Path.of("/proc/" + agent.process().pid() + "/maps")))
                    .contains("classes.jsa");
            assertThat(agent.runAnother("status").exitCode()).isZero();
            assertThat(agent.stop()).isZero();
            assertThat(agent.output()).doesNotContain("WARNING", "[warning]", "[error]", "COMPAT");
        }
    }

    private static List<Path> newer() throws IOException {
        List<Path> newer = new ArrayList<>();
        if (Files.isDirectory(JAVAS)) {
            try (var folders = Files.newDirectoryStream(JAVAS)) {
                for (Path folder : folders) {
                    if (!Files.isSymbolicLink(folder)
                            && Files.isExecutable(folder.resolve("bin/java"))
                            && version(folder) > BUILT_FOR) {
                        newer.add(folder);
                    }
                }
            }
        }
        return newer;
    }

    /** As its file {@code release} has it; 0 if it has none. */
    private static int version(Path java) throws IOException {
        Path release = java.resolve("release");
        if (!Files.isReadable(release)) {
            return 0;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        }
        return Integer.parseInt(properties.getProperty("JAVA_VERSION", "0").replaceAll("\"|[^0-9\"].*", ""));
    }
}
