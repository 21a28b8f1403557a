package io.tidewatch.collector.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace with a pair of virtual interfaces, a0 and b0, and a shell in it that sends datagrams from one to the
 * other. It goes with the shell. Needs user namespaces (or root), iproute2 and bash.
 */
final class NetworkNamespace implements AutoCloseable {
    /** The peer's address is in the neighbour table and on no interface: what arrives is dropped without an answer. */
    private static final String SCRIPT =
            """
            set -e
            for scope in default all; do
              [ ! -e /proc/sys/net/ipv6/conf/$scope ] || echo 1 >/proc/sys/net/ipv6/conf/$scope/disable_ipv6
            done
            ip link add a0 type veth peer name b0
            ip addr add 10.1.2.1/24 dev a0
            ip link set a0 up
            ip link set b0 up
            ip neigh add 10.1.2.2 lladdr "$(cat /sys/class/net/b0/address 2>/dev/null || ip -o link show b0 | sed 's/.*ether \\([^ ]*\\).*/\\1/')" dev a0 nud permanent
            echo ready
            while read -r count; do
              exec 3>/dev/udp/10.1.2.2/9
              for _ in $(seq "$count"); do head -c 1000 /dev/zero >&3; done
              exec 3>&-
              echo sent
            done
            """;

    private final Process shell;
    private final BufferedReader output;

    NetworkNamespace() throws IOException {
        shell = new ProcessBuilder("unshare", "--map-root-user", "--net", "bash", "-c", SCRIPT)
                .redirectErrorStream(true)
                .start();
        output = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        await("ready");
    }

    /** The kernel files of the shell, whose net/ is that of the namespace. */
    Path proc() {
        return Path.of("/proc", Long.toString(shell.pid()));
    }

    /** Sends so many datagrams of 1,000 bytes from a0 to b0. */
    void send(int count) throws IOException {
        OutputStream input = shell.getOutputStream();
        input.write((count + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
        await("sent");
    }

    private void await(String expected) throws IOException {
        assertThat(output.readLine())
                .as("what the shell in the namespace says (it needs user namespaces or root, iproute2 and bash)")
                .isEqualTo(expected);
    }

    @Override
    public void close() throws Exception {
        shell.destroy();
        if (!shell.waitFor(10, TimeUnit.SECONDS)) {
            shell.destroyForcibly();
        }
    }
}
