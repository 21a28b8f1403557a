package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledBundlesTest {
    @TempDir
    private Path folder;

    @Test
    void takesTheChosenSetBesideTheBundlesOfAllSystems() throws Exception {
        jar("5/store");
        jar("6/b.uploader");
        jar("6.linux/a.cpu");
        jar("6.linux/c.disk");
        jar("6.portable/a.oshi");
        jar("10/last");

        assertThat(namesByLevel(CollectorSet.LINUX).toString())
                .isEqualTo("{5=[store], 6=[a.cpu, b.uploader, c.disk], 10=[last]}");
        assertThat(namesByLevel(CollectorSet.PORTABLE).toString())
                .isEqualTo("{5=[store], 6=[a.oshi, b.uploader], 10=[last]}");
    }

    @Test
    void passesOverFoldersThatAreNoLevel() throws Exception {
        jar("6.linux/cpu");
        jar("lib/library");
        jar("0/zero");
        jar("7old/old");
        jar("99999/beyond");

        assertThat(namesByLevel(CollectorSet.LINUX).toString()).isEqualTo("{6=[cpu]}");
    }

    @Test
    void refusesASetThatIsNotThereAndSaysWhatIs() throws Exception {
        jar("5/store");
        jar("6.linux/cpu");

        assertRefused(CollectorSet.PORTABLE, "'portable'", "has 'linux'", "TIDEWATCH_COLLECTORS", "-Pportable");
    }

    @Test
    void refusesAnInstallationWithoutCollectors() throws Exception {
        jar("5/store");

        assertRefused(CollectorSet.LINUX, "'linux'", "has none");
    }

    @Test
    void refusesAFolderThatCannotBeRead() throws Exception {
        Files.writeString(folder.resolve("6.linux"), "a file");

        assertRefused(CollectorSet.LINUX, "6.linux of the installation cannot be read (not a directory)");
    }

    private void assertRefused(CollectorSet set, String... says) {
        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(() -> InstalledBundles.byLevel(folder, set))
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.BAD_START_CONFIGURATION))
                .withMessageContainingAll(says);
    }

    private SortedMap<Integer, List<String>> namesByLevel(CollectorSet set) throws LaunchException {
        SortedMap<Integer, List<String>> names = new TreeMap<>();
        InstalledBundles.byLevel(folder, set)
                .forEach((level, jars) -> names.put(
                        level,
                        jars.stream()
                                .map(jar -> jar.getFileName().toString().replace(".jar", ""))
                                .toList()));
        return names;
    }

    private void jar(String name) throws IOException {
        Path file = folder.resolve(name + ".jar");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }
}
