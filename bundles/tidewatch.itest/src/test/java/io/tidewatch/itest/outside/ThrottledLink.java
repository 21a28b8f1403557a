package io.tidewatch.itest.outside;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A slow uplink: passes connections on to a server, with so many bytes a second towards it, and counts them. It can be cut,
 * and mended again, by one thread.
 */
public final class ThrottledLink implements AutoCloseable {
    private ServerSocket entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int port = entry.getLocalPort();
    private Thread accepting;
    private final URI server;
    private final long bytesPerSecond;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    /** @param bytesPerSecond towards the server, of all connections together; nothing is held back on the way back */
    public ThrottledLink(URI server, long bytesPerSecond) throws IOException {
        this.server = server;
        this.bytesPerSecond = bytesPerSecond;
        ServerSocket first = entry;
        accepting = start("link-accept", () -> accept(first));
    }

    /** The path on the server, by way of this link. */
    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Bytes that went either way, heads included. */
    public long bytes() {
        return sent.get() + received.get();
    }

    /** Ends all connections and refuses new ones until {@link #mend}. */
    public void cut() throws IOException {
        entry.close();
        try {
            // As long as a thread waits there, the kernel takes connections.
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    /** Takes connections again, at the same port. */
    public void mend() throws IOException {
        ServerSocket again = new ServerSocket();
        again.setReuseAddress(true);
        again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        entry = again;
        accepting = start("link-accept", () -> accept(again));
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void accept(ServerSocket at) {
        try {
            while (true) {
                Socket client = at.accept();
                Socket target = new Socket(server.getHost(), server.getPort());
                // Else the rest of each request waits for a delayed acknowledgement, 40 ms.
                client.setTcpNoDelay(true);
                target.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(target);
                start("link-up", () -> pass(client, target, sent, bytesPerSecond));
                start("link-down", () -> pass(target, client, received, Long.MAX_VALUE));
            }
        } catch (IOException e) {
            // Cut or closed, or a server that is gone.
        }
    }

    private static void pass(Socket from, Socket to, AtomicLong count, long bytesPerSecond) {
        byte[] buffer = new byte[4096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                LockSupport.parkNanos(length * 1_000_000_000L / bytesPerSecond);
                count.addAndGet(length);
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One of the two has closed.
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
