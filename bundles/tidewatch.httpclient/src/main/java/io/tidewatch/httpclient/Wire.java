package io.tidewatch.httpclient;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection of which no step outlasts the deadline, and which an interrupt of its thread ends. It is made of a channel,
 * since streams of sockets cannot be interrupted and know no Unix sockets; TLS runs over the channel.
 */
public final class Wire implements Closeable {
    static final Names NAMES = new Names(InetAddress::getAllByName);

    private final SocketChannel channel;
    private final Selector selector;
    private final Deadline deadline;
    private InputStream in = new ChannelInput();
    private OutputStream out = new ChannelOutput();
    private @Nullable SSLSocket tls;

    private Wire(SocketChannel channel, Selector selector, Deadline deadline) {
        this.channel = channel;
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
        SSLSocketFactory usual = target.tls() ? (SSLSocketFactory) SSLSocketFactory.getDefault() : null;
        return connect(target, NAMES, usual, deadline);
    }

    /**
     * Tries each address of a name: a server on localhost may listen on that of IPv4 or that of IPv6 alone.
     *
     * @param factory makes TLS of the connection; null: none, since loading it would cost 300 classes
     */
    static Wire connect(HttpTarget target, Names names, @Nullable SSLSocketFactory factory, Deadline deadline)
            throws IOException {
        Wire wire = target.isSocket()
                ? open(UnixDomainSocketAddress.of(target.address()), deadline, deadline)
                : open(names.find(target.address(), deadline), target.port(), deadline);
        try {
            if (factory != null) {
                wire.encrypt(target, factory);
            }
            return wire;
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    private static Wire open(InetAddress[] addresses, int port, Deadline deadline) throws IOException {
        IOException failure = new ConnectException("the host has no address");
        for (int i = 0; i < addresses.length; i++) {
            try {
                int left = addresses.length - i;
                // One that does not answer leaves the others their share of the time.
                Deadline share = left == 1 ? deadline : new Deadline(Duration.ofMillis(deadline.millisLeft() / left));
                return open(new InetSocketAddress(addresses[i], port), share, deadline);
            } catch (InterruptedWireException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static Wire open(SocketAddress address, Deadline connecting, Deadline deadline) throws IOException {
        SocketChannel channel = address instanceof InetSocketAddress
                ? SocketChannel.open()
                : SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            selector = Selector.open();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(address);
            while (!connected) {
                selector.select(connecting.millisLeft());
                failIfInterrupted();
                connected = channel.finishConnect();
            }
            key.interestOps(SelectionKey.OP_READ);
            return new Wire(channel, selector, deadline);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    private void encrypt(HttpTarget target, SSLSocketFactory factory) throws IOException {
        SSLSocket secure = (SSLSocket) factory.createSocket(new ChannelSocket(), target.address(), target.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        in = secure.getInputStream();
        out = secure.getOutputStream();
        tls = secure;
    }

    /**
     * Sends all of it.
     *
     * @throws SocketTimeoutException if the deadline passed
     * @throws InterruptedWireException if the thread was interrupted
     * @throws IOException if the connection broke
     */
    public void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Returns what arrives; its reads throw as {@link #send} does. */
    public InputStream input() {
        return in;
    }

    /** What arrives at the channel. */
    private final class ChannelInput extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
            int read;
            while ((read = channel.read(buffer)) == 0 && length > 0) {
                selector.select(deadline.millisLeft());
                failIfInterrupted();
            }
            deadline.millisLeft();
            return read;
        }
    }

    /** What goes to the channel. */
    private final class ChannelOutput extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
            SelectionKey key = Objects.requireNonNull(channel.keyFor(selector));
            while (channel.write(buffer) >= 0 && buffer.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
                selector.select(deadline.millisLeft());
                failIfInterrupted();
            }
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /** The channel as TLS uses a socket: a record or a handshake may take many reads, which share the deadline. */
    private final class ChannelSocket extends Socket {
        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public InputStream getInputStream() {
            return new ChannelInput();
        }

        @Override
        public OutputStream getOutputStream() {
            return new ChannelOutput();
        }

        @Override
        public int getSoLinger() {
            return -1;
        }

        @Override
        public void shutdownInput() {
            // The channel is closed next.
        }

        @Override
        public void shutdownOutput() {
            // The channel is closed next.
        }
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
            SSLSocket secure = tls;
            if (secure != null) {
                secure.close();
            }
        }
    }
}
