package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The start script as an operator uses it. */
class CommandLineIT {
    @Test
    void tellsVersionAndCommands() throws Exception {
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("commands"))) {
            assertThat(agent.runAnother("--version"))
                    .matches(ended -> ended.exitCode() == 0)
                    .matches(ended ->
                            ended.output().matches("tidewatch \\d+\\.\\d+\\.\\d+\\S* \\(commit \\S+, \\S+\\)\\s*"));
            assertThat(agent.runAnother("--help").output()).contains("tidewatch run", "TIDEWATCH_CONFIG", "Exit codes");
            assertThat(agent.runAnother())
                    .matches(ended -> ended.exitCode() == 0)
                    .matches(ended -> ended.output().contains("tidewatch run"));
            assertThat(agent.runAnother("staus"))
                    .matches(ended -> ended.exitCode() == 64)
                    .matches(ended -> ended.output().contains("did you mean 'status'?"));
        }
    }

    @Test
    void everyHelpFitsIntoATerminalOf80Columns() throws Exception {
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("help"))) {
            for (String command : List.of(
                    "", "status", "page", "doctor", "tail", "try", "profile", "migrate", "export", "backup",
                    "archive")) {
                AgentProcess.Ended help =
                        command.isEmpty() ? agent.runAnother("--help") : agent.runAnother(command, "--help");
                assertThat(help.exitCode()).as(command).isZero();
                assertThat(help.output().lines())
                        .as(command)
                        .hasSizeGreaterThan(5)
                        .allMatch(line -> line.length() <= 80);
            }
        }
    }

    @Test
    void anOutputThatCannotBeWrittenIsNoSuccess() throws Exception {
        Path folder = AgentProcess.workFolder("full-output");
        String program = AgentProcess.distribution().resolve("bin/tidewatch").toString();
        Stream<String> helps = Stream.of(
                        "status", "page", "doctor", "tail", "try", "profile", "migrate", "export", "backup")
                .map(command -> command + " --help");
        for (String command : Stream.concat(helps, Stream.of("--help", "--version", "--check"))
                .toList()) {
            Path said = folder.resolve(command);
            Process process = new ProcessBuilder("bash", "-c", "'" + program + "' " + command)
                    .redirectOutput(Path.of("/dev/full").toFile())
                    .redirectError(said.toFile())
                    .start();

            assertThat(process.waitFor()).as(command).isEqualTo(73);
            assertThat(said).content().contains("the output could not be written (no space left on device)");
        }
        Process readByHead = new ProcessBuilder("bash", "-c", "'" + program + "' status --help | head -c 1").start();
        assertThat(readByHead.getErrorStream()).isEmpty();
        assertThat(readByHead.getInputStream()).hasContent("t");
    }

    @Test
    void refusesASecondAgentOnTheSameState() throws Exception {
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("second"))) {
            agent.start();
            agent.await("health", () -> agent.get("/health/live").status() == 200);

            AgentProcess.Ended second = agent.runAnother("run");

            assertThat(second.exitCode()).isEqualTo(75);
            assertThat(second.output())
                    .contains("process " + agent.process().pid(), "Stop it first")
                    .hasLineCount(1);
            assertThat(agent.get("/health/live").status()).isEqualTo(200);
            assertThat(agent.stop()).isZero();
        }
    }

    /** Case C14. */
    @Test
    void aHangupHasTheConfigurationReadAgainAndEndsNothing() throws Exception {
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("hangup"))) {
            agent.start();
            agent.await("health", () -> agent.get("/health/live").status() == 200);

            agent.signal("HUP");

            agent.await("a line in the log", () -> agent.output().contains("SIGHUP: the configuration is read again"));
            agent.configure("tidewatch.collector.memory", Map.of("interval", "1s"));
            agent.await(
                    "a change to be taken as before",
                    () -> agent.component("collector.memory")
                                    .path("details")
                                    .path("interval_seconds")
                                    .asDouble()
                            == 1);
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void refusesAFolderThatIsNotThere() throws Exception {
        Path folder = AgentProcess.workFolder("missing");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            Files.delete(folder.resolve("config/tidewatch.health.cfg"));
            Files.delete(folder.resolve("config"));

            AgentProcess.Ended ended = agent.runAnother("run");

            assertThat(ended.exitCode()).isEqualTo(78);
            assertThat(ended.output()).contains("TIDEWATCH_CONFIG").hasLineCount(1);
            assertThat(folder.resolve("state/metrics.db")).doesNotExist();
        }
    }

    @Test
    void saysWithoutAnyExceptionWhyAFolderCannotBeMade() throws Exception {
        Path folder = AgentProcess.workFolder("unmade");
        Path file = Files.writeString(folder.resolve("file"), "");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.variable("TIDEWATCH_STATE", file.resolve("state").toString());

            AgentProcess.Ended ended = agent.runAnother("run");

            assertThat(ended.exitCode()).isEqualTo(78);
            assertThat(ended.output())
                    .containsIgnoringCase(file.resolve("state") + " cannot be made (not a directory)")
                    .contains("Set TIDEWATCH_STATE to a folder that this user may write.")
                    .doesNotContain("Exception")
                    .hasLineCount(1);
        }
    }

    @Test
    void namesOfAnyCharactersAreReadInAnyLanguage() throws Exception {
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("Zürich-東京"))) {
            agent.variable("LC_ALL", "C");
            agent.start();
            agent.awaitStatus("ok");
            assertThat(agent.runAnother("--check").exitCode()).isZero();

            agent.configure("tidewatch.collector.größe", Map.of("interval", "1s"));
            agent.await(
                    "the file to be named",
                    () -> agent.component("config").path("message").asText().contains("tidewatch.collector.größe.cfg"));
            assertThat(agent.runAnother("--check").output()).contains("tidewatch.collector.größe.cfg");
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void runsFromAReadOnlyTreeAsAnOrdinaryUser() throws Exception {
        Path folder = Files.createTempDirectory("tidewatch-read-only");
        Path tree = folder.resolve("tidewatch");
        copyReadOnly(AgentProcess.distribution(), tree);
        try (AgentProcess agent = new AgentProcess(tree, folder)) {
            agent.asOrdinaryUser()
                    .configure("tidewatch.collector.cpu", Map.of("interval", "500ms"))
                    .start();
            agent.await("samples", () -> new Database(agent.database()).count() > 0);
            agent.awaitStatus("ok");
            assertThat(agent.stop()).isZero();
        } finally {
            deleteReadOnly(folder);
        }
    }

    private static void copyReadOnly(Path from, Path to) throws IOException {
        Set<PosixFilePermission> readable = EnumSet.of(
                PosixFilePermission.OWNER_READ, PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);
        Set<PosixFilePermission> executable = EnumSet.copyOf(readable);
        executable.addAll(List.of(
                PosixFilePermission.OWNER_EXECUTE,
                PosixFilePermission.GROUP_EXECUTE,
                PosixFilePermission.OTHERS_EXECUTE));
        List<Path> all;
        try (Stream<Path> paths = Files.walk(from)) {
            all = paths.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(from.relativize(path).toString()));
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Path copy = to.resolve(from.relativize(all.get(i)).toString());
            boolean isExecutable = Files.isDirectory(copy) || Files.isExecutable(all.get(i));
            Files.setPosixFilePermissions(copy, isExecutable ? executable : readable);
        }
    }

    private static void deleteReadOnly(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.toList();
        }
        for (Path path : all) {
            if (Files.isDirectory(path)) {
                Files.setPosixFilePermissions(path, EnumSet.allOf(PosixFilePermission.class));
            }
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            Files.delete(all.get(i));
        }
    }
}
