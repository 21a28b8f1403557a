package io.tidewatch.testing.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server on loopback or on a Unix socket that answers each request as the test says, byte for byte. */
public final class PageServer implements AutoCloseable {
    public interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    /** Of the head of an HTTP request. */
    private static final String EMPTY_LINE = "\r\n\r\n";

    private final Closeable listener;
    private final int port;
    private final String endOfRequest;
    private volatile Answer answer;
    private volatile String request = "";

    public PageServer(Answer answer) throws IOException {
        this(answer, 0, null);
    }

    /** @param port 0 for one that is free */
    public PageServer(Answer answer, int port, @Nullable SSLContext tls) throws IOException {
        this.answer = answer;
        endOfRequest = EMPTY_LINE;
        LoopbackListener tcp = new LoopbackListener("page", port, 0, socket -> serve(socket, tls));
        listener = tcp::close;
        this.port = tcp.port();
    }

    public PageServer(Answer answer, Path socket) throws IOException {
        this(answer, socket, EMPTY_LINE);
    }

    /** Listens on a Unix socket for requests that end so. */
    public PageServer(Answer answer, Path socket, String endOfRequest) throws IOException {
        this.answer = answer;
        this.endOfRequest = endOfRequest;
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        port = 0;
        Thread accepting = LoopbackListener.start("page", () -> acceptFrom(channel));
        listener = () -> {
            channel.close();
            // Until it is gone, the kernel takes connections.
            LoopbackListener.join(accepting);
        };
    }

    /** Answers 200 with this text and its length. */
    public static Answer page(String text) {
        return page("text/plain; version=0.0.4", text);
    }

    /** Answers 200 with this text of this type, and its length. */
    public static Answer page(String type, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return out -> {
            out.write(bytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n"));
            out.write(body);
        };
    }

    public static Answer raw(String text) {
        return out -> out.write(bytes(text));
    }

    /** The bytes of a text, one per character. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public void answer(Answer next) {
        answer = next;
    }

    public String url() {
        return "http://127.0.0.1:" + port + "/metrics";
    }

    /** Its port; 0 of a socket. */
    public int port() {
        return port;
    }

    public String request() {
        return request;
    }

    private void serve(Socket client, @Nullable SSLContext tls) {
        try (Socket socket = client) {
            if (tls == null) {
                converse(socket.getInputStream(), socket.getOutputStream());
                return;
            }
            try (SSLSocket secure =
                    (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true)) {
                secure.setUseClientMode(false);
                converse(secure.getInputStream(), secure.getOutputStream());
            }
        } catch (IOException | InterruptedException e) {
            // The client went, which some tests want.
        }
    }

    private void acceptFrom(ServerSocketChannel channel) {
        try {
            while (true) {
                SocketChannel client = channel.accept();
                LoopbackListener.start("page", () -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            converse(Channels.newInputStream(client), Channels.newOutputStream(client));
        } catch (IOException | InterruptedException e) {
            // The client went.
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException, InterruptedException {
        String head = LoopbackListener.readTo(endOfRequest, in);
        if (head != null) {
            request = head;
            answer.write(out);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** Writes a byte at a time until the client is gone. */
    public static void drip(OutputStream out, CountDownLatch gone) throws InterruptedException {
        try {
            do {
                out.write('x');
                out.flush();
            } while (!gone.await(5, TimeUnit.MILLISECONDS));
        } catch (IOException e) {
            gone.countDown();
        }
    }
}
