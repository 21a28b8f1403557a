package io.tidewatch.testing.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback interface that nobody uses now. They lie below those that the kernel gives to clients
 * ({@code ip_local_port_range}), so none of the many connections of the tests takes one before, or while, its server is
 * stopped; and a connection to one where nobody listens is refused, and never reaches itself.
 */
public final class FreePort {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1000;

    private FreePort() {}

    /** One at random, since others may look for one at the same time. */
    public static int next() throws IOException {
        IOException taken = new IOException("not tried");
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                taken = e;
            }
        }
        throw taken;
    }
}
