package io.tidewatch.statvfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks the real machine. */
class StatVfsTest {
    /** Files that others may make or delete on this machine while the test looks. */
    private static final long TOLERANCE = 5_000;

    /** Asks in a process of its own, and prints the answer or the error. */
    static final class Ask {
        private Ask() {}

        public static void main(String[] paths) {
            for (String path : paths) {
                try {
                    System.out.println(new StatVfs().of(Path.of(path)));
                } catch (IOException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    @Test
    void saysWhatDfSays(@TempDir Path folder) throws Exception {
        Path named = Files.createDirectory(folder.resolve("with blank"));
        String[] lines = run("df", "--output=iavail", named.toString()).split("\n", -1);
        long expected = Long.parseLong(lines[1].strip());

        assertThat(new StatVfs().of(named).orElseThrow())
                .isPositive()
                .isBetween(expected - TOLERANCE, expected + TOLERANCE);
    }

    @Test
    void aFileSystemWithoutALimitHasNoNumber() throws Exception {
        assertThat(new StatVfs().of(Path.of("/proc"))).isEmpty();
    }

    @Test
    void aMissingPathIsAnError(@TempDir Path folder) {
        assertThatThrownBy(() -> new StatVfs().of(folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none")
                .hasMessageContaining("errno 2");
    }

    @Test
    void aMachineWithoutTheNativeLibraryIsAnErrorEachTime() throws Exception {
        String output = run(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djna.noclasspath=true",
                "-cp",
                System.getProperty("java.class.path"),
                Ask.class.getName(),
                "/",
                "/");

        assertThat(output.lines()).hasSize(2).allMatch(line -> line.startsWith("free inodes cannot be counted"));
    }

    @ParameterizedTest
    @CsvSource({"8, 40, 48", "4, 32, 40"})
    void theCountsLieBehindThoseOfTheBlocks(int longBytes, int files, int filesFree) {
        StatVfsLayout layout = new StatVfsLayout(longBytes);

        assertThat(layout.files()).isEqualTo(files);
        assertThat(layout.filesFree()).isEqualTo(filesFree);
    }

    @Test
    void noneFreeIsANumberAndUnknownIsNot() {
        assertThat(StatVfs.inodes(10, 0)).isEqualTo(OptionalLong.of(0));
        assertThat(StatVfs.inodes(0, 0)).isEmpty();
        assertThat(StatVfs.inodes(-1, -1)).isEmpty();
        assertThat(StatVfs.inodes(10, -1)).isEmpty();
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
