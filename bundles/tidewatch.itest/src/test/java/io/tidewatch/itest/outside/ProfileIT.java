package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.itest.outside.AgentProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The shipped profile, applied to a running agent and taken back. */
class ProfileIT {
    @Test
    void isProposedAppliedAndTakenBackWhileTheAgentRuns() throws Exception {
        Path folder = AgentProcess.workFolder("profile");
        Files.createDirectories(folder.resolve("root/opt/belaUI"));
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.javaOption("-Dtidewatch.root=" + folder.resolve("root"))
                    .configure("tidewatch.collector.thermal", Map.of("interval", "40s"));
            agent.start();
            agent.await(
                    "the proposal",
                    () -> agent.component("profile").path("details").has("proposed"));
            agent.awaitStatus("ok");
            assertThat(interval(agent, "cpu")).isEqualTo(10.0);
            assertThat(agent.runAnother("status").output())
                    .contains("'sudo tidewatch profile belabox --apply' reports its modems");
            assertThat(agent.runAnother("doctor").output())
                    .contains("note  profile        belaUI is on this machine, and no profile is applied\n")
                    .contains("-> sudo tidewatch profile belabox --apply\n");
            assertThat(agent.runAnother("profile", "belabox").output())
                    .contains(
                            "belabox is not applied.",
                            "  + interval = 5s",
                            "    interval = 40s  (yours; the profile has 10s)");

            Ended applied = agent.runAnother("profile", "belabox", "--apply");
            assertThat(applied.exitCode()).as(applied.output()).isZero();
            agent.await("the interval of the profile", () -> interval(agent, "cpu") == 5.0);
            agent.await(
                    "the profile in health",
                    () -> agent.component("profile").path("message").asText().equals("belabox is applied"));
            assertThat(agent.component("config").path("status").asText()).isEqualTo("ok");
            assertThat(interval(agent, "thermal")).as("set by the operator").isEqualTo(40.0);
            assertThat(agent.runAnother("doctor").output()).contains("ok    profile        belabox is applied\n");
            Ended checked = agent.runAnother("--check");
            assertThat(checked.output()).contains("config/profile: ok\n");
            assertThat(checked.exitCode()).isZero();

            assertThat(agent.runAnother("profile", "belabox", "--revert").exitCode())
                    .isZero();
            agent.await("the default interval", () -> interval(agent, "cpu") == 10.0);
            agent.await(
                    "the proposal",
                    () -> agent.component("profile").path("details").has("proposed"));
            assertThat(folder.resolve("config/profile")).doesNotExist();
        }
    }

    /** As of an image builder, before the first start. */
    @Test
    void isInForceFromTheFirstStartAndNotProposedElsewhere() throws Exception {
        Path folder = AgentProcess.workFolder("profile-built-in");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.javaOption("-Dtidewatch.root=" + folder.resolve("root"));
            Files.writeString(folder.resolve("config/profile"), "belabox\n");
            agent.start();
            agent.await("the interval of the profile", () -> interval(agent, "cpu") == 5.0);
            Files.delete(folder.resolve("config/profile"));
            agent.await("the default interval", () -> interval(agent, "cpu") == 10.0);
            agent.await(
                    "no component",
                    () -> !agent.get("/health").json().path("components").has("profile"));
        }
    }

    private static double interval(AgentProcess agent, String collector) throws Exception {
        return agent.component("collector." + collector)
                .path("details")
                .path("interval_seconds")
                .asDouble();
    }
}
