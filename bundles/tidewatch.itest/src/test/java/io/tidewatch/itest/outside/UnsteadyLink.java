package io.tidewatch.itest.outside;

import io.tidewatch.testing.server.LoopbackListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server, which a test can cut in every manner that a network knows, and fix. Safe for use by several
 * threads.
 */
final class UnsteadyLink implements AutoCloseable {
    /** What becomes of connections. */
    enum State {
        /** Passed on. */
        CLEAR,
        /** Nobody listens; those that there were are closed. */
        REFUSED,
        /** Accepted, and nothing comes through until the link is clear again. */
        BLACK_HOLE,
        /** Reset with their first bytes. */
        RESET,
        /** Passed on slowly. */
        SLOW
    }

    private static final long SLOW_BYTES_PER_SECOND = 10_000;

    private final URI server;

    /** Keeps the port ours while nobody listens at it. */
    private final Socket place = new Socket();

    private final int port;
    private final AtomicLong sent = new AtomicLong();
    private final Set<Socket> targets = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private volatile State state = State.CLEAR;
    private @Nullable LoopbackListener entry;

    UnsteadyLink(URI server) throws IOException {
        this.server = server;
        place.setReuseAddress(true);
        place.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = place.getLocalPort();
        entry = listen();
    }

    /** The path on the server, by way of this link. */
    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Bytes that went towards the server. */
    long bytesSent() {
        return sent.get();
    }

    /** Changes what becomes of connections, those that exist included. */
    void become(State next) throws IOException {
        synchronized (change) {
            state = next;
            change.notifyAll();
            if (entry != null && (next == State.REFUSED || next == State.RESET)) {
                entry.connections().forEach(UnsteadyLink::reset);
                targets.forEach(UnsteadyLink::reset);
            }
            if (next != State.REFUSED) {
                entry = entry == null ? listen() : entry;
            } else if (entry != null) {
                entry.close();
                entry = null;
            }
        }
    }

    @Override
    public void close() throws IOException {
        become(State.REFUSED);
        place.close();
    }

    private LoopbackListener listen() throws IOException {
        return new LoopbackListener("link-up", port, 0, this::connect);
    }

    private void connect(Socket client) {
        try (Socket target = new Socket(server.getHost(), server.getPort())) {
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
            targets.add(target);
            start("link-down", () -> pass(target, client, new AtomicLong()));
            pass(client, target, sent);
            targets.remove(target);
        } catch (IOException e) {
            // No server, or one of the two has closed.
        } finally {
            reset(client);
        }
    }

    private void pass(Socket from, Socket to, AtomicLong count) {
        byte[] buffer = new byte[4096];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                awaitPassage();
                switch (state) {
                    case REFUSED, RESET -> {
                        reset(from);
                        reset(to);
                        return;
                    }
                    case SLOW -> LockSupport.parkNanos(length * 1_000_000_000L / SLOW_BYTES_PER_SECOND);
                    default -> {}
                }
                count.addAndGet(length);
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // One of the two has closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPassage() throws InterruptedException {
        synchronized (change) {
            while (state == State.BLACK_HOLE) {
                change.wait();
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // Closed already.
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
