package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends to a real socket. */
class NotifySocketTest {
    /** Sends in a process of its own, and prints the error. */
    static final class Send {
        private Send() {}

        public static void main(String[] arguments) {
            try {
                new NotifySocket(arguments[0]).tell("READY=1");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@", "path"})
    void aMessageArrivesWhole(String kind, @TempDir Path folder) throws Exception {
        NotifySocket socket = new NotifySocket(
                kind.equals("@")
                        ? "@tidewatch-test-" + ProcessHandle.current().pid()
                        : folder.resolve("n").toString());
        try (DatagramListener systemd = new DatagramListener(socket)) {

            socket.tell("READY=1\nSTATUS=größer");
            socket.tell("WATCHDOG=1");

            assertThat(systemd.read()).isEqualTo("READY=1\nSTATUS=größer");
            assertThat(systemd.read()).isEqualTo("WATCHDOG=1");
            assertThat(systemd.read()).isNull();
        }
    }

    @Test
    void nobodyListeningIsAnErrorAndLeavesNoSocketOpen(@TempDir Path folder) throws Exception {
        Notifications.ServiceManager socket =
                new NotifySocket(folder.resolve("none").toString());
        assertThatThrownBy(() -> socket.tell("READY=1")).hasMessageContaining("errno 2");
        int before = openSockets();

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> socket.tell("READY=1")).isInstanceOf(IOException.class);
        }

        assertThat(openSockets()).isEqualTo(before);
    }

    @Test
    void aMachineWithoutTheNativeLibraryIsAnErrorThatSaysSo() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Djna.noclasspath=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Send.class.getName(),
                        "@nobody")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("no native library of JNA for this machine in jna.boot.library.path");
    }

    private static int openSockets() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.filter(NotifySocketTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // That of the listing itself, gone by now.
            return false;
        }
    }
}
