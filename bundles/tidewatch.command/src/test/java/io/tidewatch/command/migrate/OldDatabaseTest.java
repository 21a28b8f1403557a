package io.tidewatch.command.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.agent.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OldDatabaseTest {
    private static final String ME = System.getProperty("user.name", "");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(folder.resolve("metrics.db"), "x".repeat(2048));
    }

    @Test
    void needsNothingWhereTheAgentOwnsIt() {
        OldDatabase old = service(file, folder, ME);

        assertThat(old.findings()).hasSize(2).first().asString().contains("2.0 KiB", ME, "taken over");
        assertThat(old.commands())
                .containsExactly(
                        "systemctl disable --now tidewatch.service",
                        "mkdir -p " + folder + "/original",
                        "cp -p " + file + "* " + folder + "/original/",
                        "systemctl unmask tidewatch.service",
                        "systemctl enable --now tidewatch.service");
    }

    @Test
    void tellsHowToGiveItToTheAgent() throws Exception {
        Path log = Files.writeString(folder.resolve("metrics.db-wal"), "");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("r--r--r--"));

        assertThat(service(file, folder, "agent").commands())
                .contains("chown agent: " + folder, "chown agent: " + file, "chown agent: " + log, "chmod u+rw " + log)
                .doesNotContain("chmod u+rw " + file);
    }

    @Test
    void letsTheServiceWriteElsewhere() {
        OldDatabase old = service(file, folder.resolve("state"), ME);

        assertThat(old.findings()).anyMatch(finding -> finding.contains("may write in " + folder + "/state only"));
        assertThat(old.commands())
                .anyMatch(command -> command.contains("ReadWritePaths") && command.contains(" " + folder));
    }

    @Test
    void namesTheProcessThatHasIt() throws Exception {
        Path lock = Files.writeString(
                folder.resolve("metrics.db.lock"), ProcessHandle.current().pid() + "\n");
        assertThat(service(file, folder, ME).findings())
                .anyMatch(finding ->
                        finding.startsWith("Process " + ProcessHandle.current().pid() + " works on it"));

        Files.writeString(lock, "no number");
        assertThat(service(file, folder, ME).findings()).noneMatch(finding -> finding.startsWith("Process"));
    }

    @Test
    void doesWithoutOne() {
        OldDatabase old = service(folder.resolve("gone/metrics.db"), folder, ME);

        assertThat(old.findings()).hasSize(1).first().asString().contains("is not there: the agent begins a new one");
        assertThat(old.commands()).hasSize(3).noneMatch(command -> command.startsWith("cp"));
    }

    @Test
    void quotesForTheShell() throws Exception {
        Path strange = Files.createDirectories(folder.resolve("it's $HOME"));
        Path copy = Files.copy(file, strange.resolve("metrics.db"));

        assertThat(service(copy, folder, ME).commands()).contains("mkdir -p '" + folder + "/it'\\''s $HOME/original'");
    }

    @Test
    void anAgentThatIsNoServiceIsRunByHand() {
        OldDatabase old = new OldDatabase(file, folders(folder.resolve("state")), ME, false);

        assertThat(old.findings()).hasSize(2);
        assertThat(old.commands())
                .containsExactly(
                        "mkdir -p " + folder + "/original",
                        "cp -p " + file + "* " + folder + "/original/",
                        folder + "/home/bin/tidewatch run");
    }

    private OldDatabase service(Path database, Path state, String user) {
        return new OldDatabase(database, folders(state), user, true);
    }

    private Folders folders(Path state) {
        return new Folders(folder.resolve("home"), folder.resolve("config"), state, folder.resolve("deploy"));
    }
}
