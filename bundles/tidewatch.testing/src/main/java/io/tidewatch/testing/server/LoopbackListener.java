package io.tidewatch.testing.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections at a port of 127.0.0.1 until it is closed; from then on the kernel refuses them. Safe for use by
 * several threads.
 */
public final class LoopbackListener implements AutoCloseable {
    private static final int BACKLOG = 50;

    private final String name;
    private final Consumer<Socket> conversation;
    private final ServerSocket entry = new ServerSocket();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    /**
     * @param name of its threads
     * @param port 0 for one that is free
     * @param receiveBuffer of each connection, in bytes; 0 for what the system gives
     * @param conversation gets each connection in a thread of its own, and closes it, unless it is to stay open until
     *     {@link #close}
     */
    public LoopbackListener(String name, int port, int receiveBuffer, Consumer<Socket> conversation)
            throws IOException {
        this.name = name;
        this.conversation = conversation;
        // Not in the way of the next at this port.
        entry.setReuseAddress(true);
        if (receiveBuffer > 0) {
            entry.setReceiveBufferSize(receiveBuffer);
        }
        entry.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        accepting = start(name, this::accept);
    }

    /** Where it listens, or did. */
    public int port() {
        return entry.getLocalPort();
    }

    public Set<Socket> connections() {
        return Set.copyOf(open);
    }

    /** Refuses connections, and ends those that are open. */
    @Override
    public void close() throws IOException {
        entry.close();
        // As long as a thread waits there, the kernel takes connections.
        join(accepting);
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!entry.isClosed()) {
            try {
                Socket client = entry.accept();
                open.add(client);
                start(name, () -> converse(client));
            } catch (IOException e) {
                // Closed, which the loop sees, or a client that went at once.
            }
        }
    }

    private void converse(Socket client) {
        conversation.accept(client);
        if (client.isClosed()) {
            open.remove(client);
        }
    }

    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Reads a text up to its end, a byte per character; null if the connection ends before. */
    static @Nullable String readTo(String end, InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            text.append((char) b);
        }
        return text.toString();
    }
}
