package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.testing.server.LoopbackListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Connections to 127.0.0.1, each a thread that says what it wants, byte by byte. */
final class RawServer implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)");

    /** What is done with one connection; behind it, it is closed. */
    interface Conversation {
        void hold(Socket client, InputStream in, OutputStream out) throws IOException;
    }

    private final LoopbackListener listener;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Conversation conversation;

    private RawServer(Conversation conversation) throws IOException {
        this.conversation = conversation;
        listener = new LoopbackListener("raw-server", 0, 0, this::serve);
    }

    static RawServer start(Conversation conversation) throws IOException {
        return new RawServer(conversation);
    }

    int port() {
        return listener.port();
    }

    /** Number of connections so far. */
    int connections() {
        return accepted.get();
    }

    /** The next request without its body, or null at the end of the connection. */
    static @Nullable String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int matched = 0; matched < 4; ) {
            int b = in.read();
            if (b < 0) {
                return null;
            }
            head.write(b);
            matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads a whole request; false at the end of the connection. */
    static boolean readRequest(InputStream in) throws IOException {
        String head = readHead(in);
        if (head == null) {
            return false;
        }
        int length = contentLength(head);
        return in.readNBytes(length).length == length;
    }

    static int contentLength(String head) {
        Matcher length = LENGTH.matcher(head);
        return length.find() ? Integer.parseInt(length.group(1)) : 0;
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve(Socket client) {
        accepted.incrementAndGet();
        try (client) {
            conversation.hold(client, client.getInputStream(), client.getOutputStream());
        } catch (IOException e) {
            // The other end closes when it likes.
        }
    }
}
