package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceLockTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhoHoldsIt() throws Exception {
        Path file = folder.resolve("lock");
        Files.writeString(file, "a much longer text of an earlier holder");

        try (InstanceLock lock = InstanceLock.take(file)) {
            assertThat(lock).isNotNull();
            assertThat(file).hasContent(String.valueOf(ProcessHandle.current().pid()));
        }
    }

    @Test
    void isTakenOnceAtATimeAndLeavesItsFile() throws Exception {
        Path file = folder.resolve("lock");
        try (InstanceLock lock = InstanceLock.take(file)) {
            assertThat(lock).isNotNull();
            assertThatExceptionOfType(LaunchException.class)
                    .isThrownBy(() -> InstanceLock.take(file))
                    .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.ALREADY_RUNNING));
        }

        assertThat(file).exists();
        InstanceLock.take(file).close();
    }

    @Test
    void isRefusedWhileAnotherProcessHoldsItAndFreeWhenThatWasKilled() throws Exception {
        Path file = folder.resolve("lock");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("taken");

            assertThatExceptionOfType(LaunchException.class)
                    .isThrownBy(() -> InstanceLock.take(file))
                    .withMessageContaining("(process " + other.pid() + ")")
                    .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.ALREADY_RUNNING));
        } finally {
            other.destroyForcibly().waitFor();
        }

        InstanceLock.take(file).close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"''|", "' '|", "'\n\n'|", "'4711'| (process 4711)", "' 4711 \n'| (process 4711)"})
    void namesTheHolderWhateverTheFileLooksLike(String content, @Nullable String holder) throws Exception {
        Path file = folder.resolve("lock");
        try (InstanceLock lock = InstanceLock.take(file)) {
            assertThat(lock).isNotNull();
            Files.writeString(file, content);

            assertThatExceptionOfType(LaunchException.class)
                    .isThrownBy(() -> InstanceLock.take(file))
                    .withMessageStartingWith(
                            "An agent already runs on " + folder + (holder == null ? "" : holder) + ". Stop it first");
        }
        // What a power cut may have left.
        Files.writeString(file, content);
        InstanceLock.take(file).close();
        assertThat(file).hasContent(String.valueOf(ProcessHandle.current().pid()));
    }

    @Test
    void refusesWhatCannotBeLocked() throws Exception {
        Path file = Files.createDirectories(folder.resolve("lock"));

        assertThatExceptionOfType(LaunchException.class)
                .isThrownBy(() -> InstanceLock.take(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("TIDEWATCH_STATE")
                .satisfies(e -> assertThat(e.exitCode).isEqualTo(ExitCode.BAD_START_CONFIGURATION));
    }

    /** Takes the lock in a process of its own and keeps it. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try (InstanceLock lock = InstanceLock.take(Path.of(arguments[0]))) {
                System.out.println(lock == null ? "" : "taken");
                Thread.currentThread().join();
            }
        }
    }
}
