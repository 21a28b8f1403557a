package io.tidewatch.httpclient;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection of which no step outlasts the deadline, and which an interrupt of its thread ends. It is made of a channel,
 * since streams of sockets cannot be interrupted and know no Unix sockets; only TLS runs over streams.
 */
public final class Wire implements Closeable {
    private final SocketChannel channel;
    private final @Nullable SSLSocket tls;
    private final Selector selector;
    private final Deadline deadline;

    private Wire(SocketChannel channel, @Nullable SSLSocket tls, Selector selector, Deadline deadline) {
        this.channel = channel;
        this.tls = tls;
        this.selector = selector;
        this.deadline = deadline;
    }

    /**
     * Connects, by TLS if the target says so, to servers that Java trusts.
     *
     * @throws SocketTimeoutException if the deadline passed
     * @throws InterruptedWireException if the thread was interrupted
     * @throws IOException if there is no connection
     */
    public static Wire connect(HttpTarget target, Deadline deadline) throws IOException {
        return connect(target, target.tls() ? (SSLSocketFactory) SSLSocketFactory.getDefault() : null, deadline);
    }

    /**
     * Connects.
     *
     * @param target host and port, or a Unix socket
     * @param factory makes TLS of the connection; null: none
     * @param deadline when the connection has to be closed again
     * @throws SocketTimeoutException if the deadline passed
     * @throws InterruptedWireException if the thread was interrupted
     * @throws IOException if there is no connection
     */
    static Wire connect(HttpTarget target, @Nullable SSLSocketFactory factory, Deadline deadline) throws IOException {
        if (target.socketAddress() instanceof InetSocketAddress address && address.isUnresolved()) {
            throw new UnknownHostException("the host name " + target.address() + " is not known");
        }
        SocketChannel channel =
                target.isSocket() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        Selector selector = null;
        try {
            selector = Selector.open();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(target.socketAddress());
            while (!connected) {
                selector.select(deadline.millisLeft());
                failIfInterrupted();
                connected = channel.finishConnect();
            }
            if (factory == null) {
                key.interestOps(SelectionKey.OP_READ);
                return new Wire(channel, null, selector, deadline);
            }
            key.cancel();
            selector.selectNow();
            channel.configureBlocking(true);
            return new Wire(channel, handshake(channel.socket(), target, factory, deadline), selector, deadline);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    private static SSLSocket handshake(Socket socket, HttpTarget target, SSLSocketFactory factory, Deadline deadline)
            throws IOException {
        SSLSocket tls = (SSLSocket) factory.createSocket(socket, target.address(), target.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.setSoTimeout(deadline.millisLeft());
        tls.startHandshake();
        return tls;
    }

    /**
     * Sends all of it.
     *
     * @throws SocketTimeoutException if the deadline passed
     * @throws InterruptedWireException if the thread was interrupted
     * @throws IOException if the connection broke
     */
    public void send(byte[] bytes) throws IOException {
        if (tls != null) {
            tls.getOutputStream().write(bytes);
            return;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        SelectionKey key = Objects.requireNonNull(channel.keyFor(selector));
        while (channel.write(buffer) >= 0 && buffer.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
            selector.select(deadline.millisLeft());
            failIfInterrupted();
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Returns what arrives; its reads throw as {@link #send} does. */
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                if (tls != null) {
                    tls.setSoTimeout(deadline.millisLeft());
                    return tls.getInputStream().read(into, from, length);
                }
                ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
                int read;
                while ((read = channel.read(buffer)) == 0 && length > 0) {
                    selector.select(deadline.millisLeft());
                    failIfInterrupted();
                }
                deadline.millisLeft();
                return read;
            }
        };
    }

    private static void failIfInterrupted() throws InterruptedWireException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedWireException();
        }
    }

    @Override
    public void close() throws IOException {
        try (selector;
                channel) {
            if (tls != null) {
                tls.close();
            }
        }
    }
}
