package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortOwnerTest {
    @TempDir
    Path proc;

    @BeforeEach
    void listen() throws IOException {
        Files.createDirectory(proc.resolve("net"));
        Files.writeString(
                proc.resolve("net/tcp6"),
                """
                  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 01 00000000:00000000 00:00000000 00000000   999        0 11111 1
                   1: 00000000000000000000000000000000:238C 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   112        0 22222 1
                """);
    }

    @Test
    void namesTheProgramThatListens() throws IOException {
        Path files = Files.createDirectories(proc.resolve("812/fd"));
        Files.writeString(proc.resolve("812/comm"), "node_exporter\n");
        Files.createSymbolicLink(files.resolve("0"), Path.of("/dev/null"));
        Files.createSymbolicLink(files.resolve("3"), Path.of("socket:[22222]"));
        Files.createDirectories(proc.resolve("1"));

        assertThat(new PortOwner(proc).of(9100)).contains("node_exporter, process 812");
    }

    @Test
    void namesTheUserOfAProgramThatIsNotReadable() {
        assertThat(new PortOwner(proc).of(9100).orElseThrow()).contains("the user with id 112", "ss -ltnp");
    }

    @Test
    void knowsNothingOfAPortOnWhichNothingListens() {
        assertThat(new PortOwner(proc).of(8080)).isEmpty();
        assertThat(new PortOwner(proc.resolve("absent")).of(9100)).isEmpty();
    }
}
