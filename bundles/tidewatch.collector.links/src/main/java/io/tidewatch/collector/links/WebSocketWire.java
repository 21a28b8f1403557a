package io.tidewatch.collector.links;

import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpAnswer;
import io.tidewatch.httpclient.HttpTarget;
import io.tidewatch.httpclient.Wire;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The client of a WebSocket (RFC 6455), text messages only, over a {@link Wire}: within its deadline and until an interrupt.
 * That of Java takes 17 MB of resident memory, and its threads outlast it.
 */
final class WebSocketWire implements Closeable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3
    private static final int LONGEST = 1 << 20;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final Wire wire;
    private final SecureRandom random = new SecureRandom();
    private DataInputStream in;

    private WebSocketWire(Wire wire) {
        this.wire = wire;
        in = new DataInputStream(wire.input());
    }

    /** @throws IOException if there is no connection, or the server is none of WebSockets */
    static WebSocketWire open(HttpTarget target, Deadline deadline) throws IOException {
        WebSocketWire socket = new WebSocketWire(Wire.connect(target, deadline));
        try {
            socket.shakeHands(target);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void shakeHands(HttpTarget target) throws IOException {
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        wire.send(("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.host()
                        + "\r\nUser-Agent: tidewatch\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Key: " + key + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        HttpAnswer answer = HttpAnswer.read(wire.input());
        if (answer.status() != 101) {
            throw new ProtocolException(
                    "the answer is " + answer.status() + ", not that of a WebSocket; correct the URL");
        }
        if (!answer.header("sec-websocket-accept").equals(accepted(key))) {
            throw new ProtocolException("the answer is of another handshake");
        }
        in = new DataInputStream(answer.body());
    }

    private static String accepted(String key) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int opcode, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) (FINAL | opcode));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else {
            frame.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        wire.send(Arrays.copyOf(frame.array(), frame.position()));
    }

    /** Returns the next text message; answers pings until it comes. Throws if the server ends the conversation. */
    String next() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            int first = in.readUnsignedByte();
            int opcode = first & 0x0F;
            byte[] payload = payload(message.size());
            switch (opcode) {
                case TEXT, CONTINUATION -> {
                    message.write(payload);
                    if ((first & FINAL) != 0) {
                        return message.toString(StandardCharsets.UTF_8);
                    }
                }
                case PING -> send(PONG, payload);
                case PONG -> {
                    // Nothing was asked.
                }
                case CLOSE -> throw new EOFException("it ended the conversation");
                default -> throw new ProtocolException("it sent a frame of the kind " + opcode);
            }
        }
    }

    private byte[] payload(int before) throws IOException {
        int second = in.readUnsignedByte();
        if ((second & MASKED) != 0) {
            throw new ProtocolException("it sent a masked frame");
        }
        long length = second;
        if (second == 126) {
            length = in.readUnsignedShort();
        } else if (second == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > LONGEST - before) {
            throw new ProtocolException("it sent a message of more than " + LONGEST + " bytes");
        }
        byte[] payload = in.readNBytes((int) length);
        if (payload.length < length) {
            throw new EOFException("it closed in the middle of a message");
        }
        return payload;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
