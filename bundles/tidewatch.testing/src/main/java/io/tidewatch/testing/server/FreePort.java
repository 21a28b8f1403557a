package io.tidewatch.testing.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds unused ports of the loopback interface, below those that the kernel gives to clients ({@code ip_local_port_range}).
 * So no connection of a test takes the port of a server that is not started yet or is restarted, and a connection to a port
 * without a server is refused and never reaches itself.
 */
public final class FreePort {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1000;

    private FreePort() {}

    /** Returns one at random, since other tests look for one at the same time. */
    public static int next() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Another program listens there.
            }
        }
        throw new BindException("no unused port from " + LOWEST + " to " + HIGHEST);
    }
}
