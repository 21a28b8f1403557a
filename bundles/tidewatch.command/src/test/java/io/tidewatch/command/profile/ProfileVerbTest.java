package io.tidewatch.command.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.command.CommandRun;
import io.tidewatch.command.CommandRun.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileVerbTest {
    @TempDir
    Path folder;

    private CommandRun command;
    private Path config;

    @BeforeEach
    void install() throws IOException {
        command = new CommandRun(folder);
        config = folder.resolve("config");
        shelf("tidewatch.collector.cpu.cfg", "# faster\ninterval = 5s\n");
        shelf("tidewatch.collector.network.cfg", "interval = 5s\nexclude = lo\nmax.interfaces = 16\n");
        shelf("tidewatch.collector.modem.cfg", "# its defaults\n");
        shelf("tidewatch.collector.disk.cfg", "interval = 5s\n");
        write("tidewatch.collector.cpu.cfg", "# Shipped.\n#interval = 10s\n");
        write("tidewatch.collector.network.cfg", "interval = 2s\nmax.interfaces = 16\n");
        write("tidewatch.collector.disk-data.cfg", "interval = 1m\n");
    }

    @Test
    void listsTheProfiles() throws Exception {
        Files.createDirectories(folder.resolve("home/lib/profiles/other"));
        assertThat(command.run("profile")).isEqualTo(new Ended(0, "belabox  not applied\nother    not applied\n", ""));
        command.run("profile", "belabox", "--apply");
        assertThat(command.run("profile").out()).isEqualTo("belabox  applied\nother    not applied\n");
    }

    @Test
    void showsWhatItWouldSetAndChangesNothing() throws Exception {
        Map<String, String> before = content();
        assertThat(command.run("profile", "belabox"))
                .isEqualTo(new Ended(
                        0,
                        """
                        belabox is not applied. 'tidewatch profile belabox --apply' would set:
                        tidewatch.collector.cpu.cfg
                          + interval = 5s
                        tidewatch.collector.modem.cfg
                          + starts it, with its defaults
                        tidewatch.collector.network.cfg
                            interval = 2s  (yours; the profile has 5s)
                          + exclude = lo
                            max.interfaces = 16  (yours)
                        tidewatch.collector.disk.cfg
                            not used, beside your files of instances
                        """,
                        ""));
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void appliesItByOneFileAndRevertsIt() throws Exception {
        Map<String, String> before = content();
        Ended applied = command.run("profile", "belabox", "--apply");

        assertThat(applied.exitCode()).isZero();
        assertThat(applied.out())
                .startsWith("belabox is applied, by " + config + "/profile. Your .cfg files are unchanged. It sets:\n")
                .contains("  + exclude = lo\n", "--revert' takes it back");
        Map<String, String> after = content();
        assertThat(after.remove("profile rw-r--r--"))
                .isEqualTo(
                        """
                        # By 'tidewatch profile belabox --apply'; --revert removes it.
                        # The .cfg files of this folder win over the profile, key by key.
                        belabox
                        """);
        assertThat(after).isEqualTo(before);
        assertThat(command.run("profile", "belabox").out()).startsWith("belabox is applied, by ");

        assertThat(command.run("profile", "belabox", "--revert"))
                .isEqualTo(new Ended(
                        0,
                        "belabox is reverted: " + config + "/profile is removed. Your .cfg files are unchanged.\n",
                        ""));
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void repeatsItself() throws Exception {
        assertThat(command.run("profile", "belabox", "--revert"))
                .isEqualTo(new Ended(0, "belabox is not applied.\n", ""));
        command.run("profile", "belabox", "--apply");
        Object key = Files.readAttributes(config.resolve("profile"), "unix:ino").get("ino");
        assertThat(command.run("profile", "belabox", "--apply").exitCode()).isZero();
        assertThat(Files.readAttributes(config.resolve("profile"), "unix:ino")).containsEntry("ino", key);
    }

    /** The agent keeps the profile that it had: the command says so, and both options end that. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\0\0\0\0\0\0\0\0"})
    void anEmptiedFileIsNamedAndBothOptionsEndIt(String emptied) throws Exception {
        String keeps =
                config + "/profile is empty, as after a power cut: an agent that knew the profile before keeps it."
                        + " --apply or --revert of a profile decides.\n";
        write("profile", emptied);
        assertThat(command.run("profile")).isEqualTo(new Ended(0, keeps + "belabox  not applied\n", ""));
        assertThat(command.run("profile", "belabox").out()).startsWith(keeps + "belabox is not applied.");
        assertThat(command.run("profile", "belabox", "--revert"))
                .isEqualTo(new Ended(
                        0,
                        "belabox is reverted: " + config + "/profile is removed. Your .cfg files are unchanged.\n",
                        ""));
        assertThat(config.resolve("profile")).doesNotExist();

        write("profile", emptied);
        assertThat(command.run("profile", "belabox", "--apply").out()).startsWith("belabox is applied, by ");
        assertThat(config.resolve("profile")).content().endsWith("\nbelabox\n");
    }

    /** As of an image builder, or to end the proposal. */
    @Test
    void takesAPlainFileForItsOwn() throws Exception {
        write("profile", "none\n");
        assertThat(command.run("profile", "belabox", "--revert").out())
                .isEqualTo("belabox is not applied: " + config + "/profile names none, and stays.\n");
        assertThat(command.run("profile", "belabox", "--apply").exitCode()).isZero();
        assertThat(config.resolve("profile")).content().endsWith("\nbelabox\n");
        write("profile", "belabox\n");
        assertThat(command.run("profile", "belabox", "--revert").out()).startsWith("belabox is reverted");
        assertThat(config.resolve("profile")).doesNotExist();
    }

    @Test
    void leavesLinesOfTheOperator() throws Exception {
        for (String text : new String[] {"# since March\nnone\n", "none\nother\n"}) {
            write("profile", text);
            Ended ended = command.run("profile", "belabox", "--apply");
            assertThat(ended.exitCode()).isEqualTo(73);
            assertThat(ended.err())
                    .contains("has lines of yours, such as \""
                            + text.lines().findFirst().orElse(""));
            assertThat(config.resolve("profile")).hasContent(text);
        }
        command.run("profile", "belabox", "--revert");
        write("profile", "# By 'tidewatch profile belabox --apply'; --revert removes it.\n# b\nbelabox\n# mine\n");
        Ended ended = command.run("profile", "belabox", "--revert");
        assertThat(ended.exitCode()).isEqualTo(73);
        assertThat(config.resolve("profile")).content().contains("# mine");
    }

    @Test
    void refusesAnUnknownProfileWithTheList() throws Exception {
        for (String name : new String[] {"belabx", "../profiles/belabox", "none"}) {
            Ended ended = command.run("profile", name, "--apply");
            assertThat(ended.exitCode()).isEqualTo(64);
            assertThat(ended.err()).contains("'" + name + "' is no profile; there are: belabox.");
            assertThat(config.resolve("profile")).doesNotExist();
        }
    }

    @Test
    void tellsWhatItCannotReadOrWrite() throws Exception {
        Files.createDirectories(config.resolve("profile/x"));
        Ended ended = command.run("profile", "belabox", "--apply");
        assertThat(ended.exitCode()).isEqualTo(66);
        assertThat(ended.err()).contains(config + "/profile cannot be read (", "Run this as root");
        Files.delete(config.resolve("profile/x"));
        Files.delete(config.resolve("profile"));

        command.configuredIn(folder.resolve("nowhere"));
        ended = command.run("profile", "belabox", "--apply");
        assertThat(ended.exitCode()).isEqualTo(66);
        assertThat(ended.err()).contains("nowhere cannot be read (no such file or directory)");
    }

    @Test
    void needsTheRightToWrite() throws Exception {
        // A folder in which not even root can make files.
        Ended ended = command.configuredIn(Path.of("/proc")).run("profile", "belabox", "--apply");
        assertThat(ended.exitCode()).isEqualTo(73);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("tidewatch: /proc/profile cannot be written (")
                .endsWith("Nothing is changed. Run it as root: sudo tidewatch profile belabox --apply\n");
    }

    @Test
    void namesFilesOfSystemdThatAreNotInstalled() throws Exception {
        shelf("tidewatch-test-video.conf", "[Service]\n");
        assertThat(command.run("profile", "belabox").out())
                .contains("how it is installed:\n    " + folder.resolve("home")
                        + "/lib/profiles/belabox/tidewatch-test-video.conf\n");
    }

    @Test
    void anInstallationWithoutProfilesIsNotWhole() throws Exception {
        try (Stream<Path> files = Files.walk(folder.resolve("home/lib/profiles"))) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        Ended ended = command.run("profile", "belabox", "--apply");
        assertThat(ended.exitCode()).isEqualTo(70);
        assertThat(ended.err()).contains("Install tidewatch again");
    }

    private void shelf(String file, String text) throws IOException {
        Path shelf = Files.createDirectories(folder.resolve("home/lib/profiles/belabox"));
        Files.writeString(shelf.resolve(file), text);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(config.resolve(file), text);
    }

    /** By name and rights. */
    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(config)) {
            for (Path file : files.toList()) {
                content.put(
                        file.getFileName() + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        Files.readString(file));
            }
        }
        return content;
    }
}
