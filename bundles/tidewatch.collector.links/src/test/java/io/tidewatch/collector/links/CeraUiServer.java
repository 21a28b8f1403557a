package io.tidewatch.collector.links;

import io.tidewatch.testing.server.LoopbackListener;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/** A WebSocket server that shakes hands, reads one message and then writes what the test says, byte for byte. */
final class CeraUiServer implements Closeable {
    /** Writes frames. */
    interface Answer {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final LoopbackListener listener;
    private volatile Answer answer;
    private volatile String message = "";
    private volatile String head = "";

    CeraUiServer(int port, Answer answer) throws IOException {
        this.answer = answer;
        listener = new LoopbackListener("ceraui", port, 0, this::serve);
    }

    /** After it there is silence until the client goes. */
    private record Silent(Answer first) implements Answer {
        @Override
        public void write(OutputStream out) throws IOException, InterruptedException {
            first.write(out);
        }
    }

    static Answer thenSilent(Answer first) {
        return new Silent(first);
    }

    /** Text messages in a frame each, then silence. */
    static Answer texts(String... texts) {
        return thenSilent(out -> {
            for (String text : texts) {
                out.write(frame(0x81, text));
            }
        });
    }

    static byte[] frame(int first, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] length = payload.length < 126
                ? new byte[] {(byte) payload.length}
                : new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length};
        byte[] frame = new byte[1 + length.length + payload.length];
        frame[0] = (byte) first;
        System.arraycopy(length, 0, frame, 1, length.length);
        System.arraycopy(payload, 0, frame, 1 + length.length, payload.length);
        return frame;
    }

    void answer(Answer next) {
        answer = next;
    }

    int port() {
        return listener.port();
    }

    /** What the client sent first. */
    String message() {
        return message;
    }

    String head() {
        return head;
    }

    private void serve(Socket client) {
        try (Socket socket = client) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                request.append((char) in.readUnsignedByte());
            }
            head = request.toString();
            String key = head.replaceFirst("(?s).*Sec-WebSocket-Key: (\\S+)\r\n.*", "$1");
            String accept = Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                    .getBytes(StandardCharsets.US_ASCII)));
            OutputStream out = socket.getOutputStream();
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            message = read(in);
            Answer now = answer;
            now.write(out);
            out.flush();
            if (now instanceof Silent) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            // The client went.
        }
    }

    /** Reads a masked frame of less than 126 bytes. */
    static String read(DataInputStream in) throws IOException {
        in.readUnsignedByte();
        byte[] payload = new byte[in.readUnsignedByte() & 0x7F];
        byte[] mask = in.readNBytes(4);
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
