package io.tidewatch.testing.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A slow uplink: passes connections on to a server, with so many bytes a second towards it, and counts them. It can be cut,
 * and fixed again, by one thread.
 */
public final class ThrottledLink implements AutoCloseable {
    private final URI server;
    private final long bytesPerSecond;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private LoopbackListener entry;

    /** @param bytesPerSecond towards the server, of all connections together; nothing is delayed on the way back */
    public ThrottledLink(URI server, long bytesPerSecond) throws IOException {
        this.server = server;
        this.bytesPerSecond = bytesPerSecond;
        entry = listen(0);
    }

    /** The path on the server, by way of this link. */
    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + entry.port() + path);
    }

    /** Bytes that went either way, heads included. */
    public long bytes() {
        return sent.get() + received.get();
    }

    /** Bytes that went towards the server, heads included. */
    public long bytesSent() {
        return sent.get();
    }

    /** Ends all connections and refuses new ones until {@link #fix}. */
    public void cut() throws IOException {
        entry.close();
    }

    /** Takes connections again, at the same port. */
    public void fix() throws IOException {
        entry = listen(entry.port());
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private LoopbackListener listen(int port) throws IOException {
        return new LoopbackListener("link-up", port, 0, this::connect);
    }

    private void connect(Socket client) {
        try (client;
                Socket target = new Socket(server.getHost(), server.getPort())) {
            // Else the rest of each request waits for a delayed acknowledgement, 40 ms.
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            LoopbackListener.start("link-down", () -> pass(target, client, received, Long.MAX_VALUE));
            pass(client, target, sent, bytesPerSecond);
        } catch (IOException e) {
            // Cut, or a server that is gone.
        }
    }

    private static void pass(Socket from, Socket to, AtomicLong count, long bytesPerSecond) {
        // A server that waits for a body only so long must see it trickle.
        byte[] buffer = new byte[(int) Math.max(32, Math.min(4096, bytesPerSecond / 10))];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                LockSupport.parkNanos(length * 1_000_000_000L / bytesPerSecond);
                if (to.isClosed()) {
                    // Cut: late bytes are not forwarded.
                    return;
                }
                count.addAndGet(length);
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One of the two has closed.
        }
    }
}
