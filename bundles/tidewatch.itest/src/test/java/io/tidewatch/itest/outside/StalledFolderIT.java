package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.process.PreloadedLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Folders of files that change while the agent runs, on a file system that does not answer. */
class StalledFolderIT {
    @Test
    void isNamedAndReadWhenItAnswers() throws Exception {
        Path folder = AgentProcess.workFolder("stalled-folder");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            Path library =
                    PreloadedLibrary.compile(Path.of("src/test/c/stalledfolder.c"), agent.folder("stalledfolder.so"));
            Path stalled = agent.folder("stalled");
            agent.variable("LD_PRELOAD", library.toString()).variable("STALLEDFOLDER", stalled.toString());
            agent.start();
            agent.awaitStatus("ok");

            Files.createFile(stalled);
            for (String component : new String[] {"config", "deploy"}) {
                agent.await(component + " to be named", () -> agent.component(component)
                        .path("message")
                        .asText()
                        .startsWith("a look at " + agent.folder(component) + " has not returned for "));
                assertThat(agent.component(component).path("status").asText()).isEqualTo("degraded");
            }
            assertThat(agent.get("/health/live").status()).isEqualTo(200);

            Files.delete(stalled);
            agent.configure("tidewatch.collector.load", Map.of("interval", "1s"));
            agent.await(
                    "the new interval to be in force",
                    () -> agent.component("collector.load")
                                    .path("details")
                                    .path("interval_seconds")
                                    .asDouble()
                            == 1);
            agent.awaitStatus("ok");
            assertThat(agent.stop()).isZero();
        }
    }
}
