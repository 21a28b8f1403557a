package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing of JNA is loaded before free inodes are wanted, and then what was shipped rather than an unpacked copy. */
class FreeInodesIT {
    private static final String PID = "tidewatch.collector.filesystem";
    private static final String NATIVE = "libjnidispatch.so";

    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("free-inodes"))
                .configure(PID, Map.of("interval", "500ms", "fstypes", ".*"));
        agent.start();
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
    }

    @Test
    void areCountedOnceTheyAreWanted() throws Exception {
        agent.await("sizes of the root", () -> hasRoot("filesystem_size_bytes"));
        assertThat(maps()).doesNotContain(NATIVE);
        assertThat(hasRoot("filesystem_files_free")).isFalse();

        agent.configure(PID, Map.of("interval", "500ms", "fstypes", ".*", "inodes", "true"));
        agent.await("free inodes of the root", () -> hasRoot("filesystem_files_free"));
        assertThat(maps().lines().filter(line -> line.endsWith(NATIVE)))
                .isNotEmpty()
                .allMatch(line -> line.contains(
                        AgentProcess.distribution().toAbsolutePath().normalize() + "/lib/native/Linux/"));
        assertThat(agent.component("collector.filesystem").path("status").asText())
                .isEqualTo("ok");
    }

    private boolean hasRoot(String wireName) throws Exception {
        return new Database(agent.database())
                .numericSamples().keySet().stream().anyMatch(labels -> isRoot(labels, wireName));
    }

    private static boolean isRoot(SortedMap<String, String> labels, String wireName) {
        return wireName.equals(labels.get("__name__")) && "/".equals(labels.get("mountpoint"));
    }

    private String maps() throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(agent.process().pid()), "maps"));
    }
}
