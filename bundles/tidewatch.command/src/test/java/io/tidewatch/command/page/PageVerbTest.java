package io.tidewatch.command.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.CommandRun;
import io.tidewatch.command.CommandRun.Ended;
import io.tidewatch.command.HealthPage;
import io.tidewatch.testing.server.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageVerbTest {
    private static final String HEALTH =
            "{\"status\":\"ok\",\"components\":{\"page\":{\"status\":\"%s\",\"message\":\"%s\"}}}";
    private static final String OPEN = HEALTH.formatted("ok", "open through loopback only");

    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void makeFolders() throws IOException {
        command = new CommandRun(folder);
    }

    @Test
    void printsTheAddressTheTunnelAndWhatIsOpen() throws Exception {
        try (HealthPage agent = new HealthPage(200, OPEN).with("/page/", 200, "<!doctype html>")) {
            command.configure("tidewatch.health", Map.of("address", agent.address()));
            String port = agent.address().replaceFirst(".*:", "");

            assertThat(command.run("page"))
                    .isEqualTo(new Ended(
                            0,
                            """
                            page       http://127.0.0.1:%1$s/
                            elsewhere  ssh -L %1$s:127.0.0.1:%1$s USER@%2$s (then http://127.0.0.1:%1$s/ there)
                            access     open through loopback only
                            """
                                    .formatted(
                                            port,
                                            Files.readString(Path.of("/proc/sys/kernel/hostname"))
                                                    .strip()),
                            ""));
        }
    }

    @Test
    void asksTheAddressOfTheCommandLine() throws Exception {
        command.configure("tidewatch.health", Map.of("address", "127.0.0.1:" + FreePort.next()));
        try (HealthPage agent = new HealthPage(503, OPEN).with("/page/", 401, "")) {
            Ended ended = command.run("page", "--address", agent.address());

            assertThat(ended.out()).startsWith("page       http://" + agent.address() + "/\n");
            assertThat(ended.exitCode()).isZero();
        }
    }

    @Test
    void saysWhatIsWrongWithThePassword() throws Exception {
        String health = HEALTH.formatted("degraded", "password.file /etc/page cannot be read");
        try (HealthPage agent = new HealthPage(200, health).with("/page/", 200, "")) {
            Ended ended = command.run("page", "--address", agent.address());

            assertThat(ended.out()).endsWith("access     password.file /etc/page cannot be read\n");
            assertThat(ended.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void saysThatItIsClosedToTheAddress() throws Exception {
        String refusal = "{\"status\":\"error\",\"errorType\":\"forbidden\",\"error\":\"the device is not called so\"}";
        try (HealthPage agent = new HealthPage(200, OPEN).with("/page/", 403, refusal)) {
            Ended ended = command.run("page", "--address", agent.address());

            assertThat(ended.out()).endsWith("access     closed to this address: the device is not called so\n");
            assertThat(ended.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void saysThatTheBundleIsMissing() throws Exception {
        try (HealthPage agent = HealthPage.ok()) {
            assertThat(command.run("page", "--address", agent.address()))
                    .isEqualTo(new Ended(
                            1,
                            "",
                            "tidewatch: the agent at http://" + agent.address()
                                    + "/ serves no page: the bundle tidewatch.page is missing or does not run;"
                                    + " 'tidewatch status' names bundles that do not run.\n"));
        }
    }

    @Test
    void saysThatNoAgentAnswers() throws Exception {
        String address = "127.0.0.1:" + FreePort.next();

        assertThat(command.run("page", "--address", address))
                .isEqualTo(new Ended(
                        3,
                        "",
                        "tidewatch: down: no agent answers at http://" + address + "/health (connection refused)."
                                + " Start it with 'sudo systemctl start tidewatch' or 'tidewatch run'; 'tidewatch"
                                + " doctor' looks for the cause.\n"));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(command.run("page", "--address", "host").exitCode()).isEqualTo(78);
        assertThat(command.run("page", "now").exitCode()).isEqualTo(64);
        command.configure("tidewatch.health", Map.of("address", "127.0.0.1:0"));
        assertThat(command.run("page").exitCode()).isEqualTo(78);
    }
}
