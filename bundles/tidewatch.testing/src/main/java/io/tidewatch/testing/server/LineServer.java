package io.tidewatch.testing.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A Unix socket that answers each line as the test says, byte for byte. */
public final class LineServer implements Closeable {
    /** Writes an answer. */
    public interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocketChannel channel;
    private final Thread accepting;
    private volatile Answer answer;
    private volatile String request = "";

    /** Listens at once. */
    public LineServer(Path socket, Answer answer) throws IOException {
        this.answer = answer;
        channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        channel.bind(UnixDomainSocketAddress.of(socket));
        accepting = new Thread(this::accept, "line-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** Answers this text and closes. */
    public static Answer text(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers further lines so. */
    public void answer(Answer next) {
        answer = next;
    }

    /** The last line. */
    public String request() {
        return request;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = channel.accept();
                Thread thread = new Thread(() -> serve(client), "line-server-client");
                thread.setDaemon(true);
                thread.start();
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
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return;
            }
            line.append((char) c);
        }
        request = line.toString();
        answer.write(out);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        // Until it is gone, the kernel takes connections.
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
