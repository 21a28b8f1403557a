package io.tidewatch.httpclient;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of HTTP/1.1 (RFC 9112), read from a connection that ends with it.
 *
 * @param headers names in lower case
 * @param body the body, without the framing of its chunks; throws {@link EOFException} if it ends before its time
 */
public record HttpAnswer(int status, Map<String, String> headers, InputStream body) {
    private static final int LONGEST_HEAD = 32 << 10;

    /**
     * Reads the head.
     *
     * @throws ProtocolException if it is not HTTP/1.1, or longer than 32 KiB
     * @throws EOFException if it ends before its time
     */
    public static HttpAnswer read(InputStream connection) throws IOException {
        InputStream in = new BufferedInputStream(connection, 8 << 10);
        int[] room = {LONGEST_HEAD};
        String first = line(in, room);
        while (first.matches("HTTP/1\\.[01] 1(?!01)\\d\\d( .*)?")) {
            // 100 Continue and its like stand before the answer; 101 is one.
            while (!line(in, room).isEmpty()) {}
            first = line(in, room);
        }
        if (!first.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new ProtocolException("the answer is not HTTP: '" + shown(first) + "'");
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in, room); !header.isEmpty(); header = line(in, room)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        return new HttpAnswer(Integer.parseInt(first.substring(9, 12)), headers, body(in, headers));
    }

    /** Returns whether a body that is cut off is noticed. */
    public boolean isDelimited() {
        return isChunked(headers) || headers.containsKey("content-length");
    }

    /** Returns the value of the header of a name in lower case; empty without such a header. */
    public String header(String name) {
        return headers.getOrDefault(name, "");
    }

    private static boolean isChunked(Map<String, String> headers) {
        return headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked");
    }

    private static InputStream body(InputStream in, Map<String, String> headers) throws ProtocolException {
        if (isChunked(headers)) {
            return new Framed(in, 0, true);
        }
        String length = headers.get("content-length");
        if (length == null) {
            return in;
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new ProtocolException("the answer has the Content-Length '" + shown(length) + "'");
        }
        return new Framed(in, Long.parseLong(length), false);
    }

    private static String line(InputStream in, int[] room) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the answer ends early");
            }
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (--room[0] < 0) {
                throw new ProtocolException("the head of the answer is longer than " + LONGEST_HEAD + " bytes");
            }
            line.append((char) c);
        }
    }

    private static String shown(String text) {
        String start = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return start.replaceAll("[^\\x20-\\x7E…]", "?");
    }

    /** A body of a known length, or of chunks that each tell theirs. */
    private static final class Framed extends FilterInputStream {
        private final boolean chunked;
        private long left;
        private boolean begun;
        private boolean ended;

        Framed(InputStream in, long length, boolean chunked) {
            super(in);
            this.left = length;
            this.chunked = chunked;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int read = in.read(into, from, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the page ends before its end; the connection broke");
            }
            left -= read;
            return read;
        }

        private void nextChunk() throws IOException {
            if (!chunked) {
                ended = true;
                return;
            }
            int[] room = {LONGEST_HEAD};
            if (begun && !line(in, room).isEmpty()) {
                throw new ProtocolException("a chunk of the answer is longer than it says");
            }
            begun = true;
            String size = line(in, room).split(";", 2)[0].strip();
            try {
                left = Long.parseLong(size, 16);
            } catch (NumberFormatException e) {
                throw new ProtocolException("a chunk of the answer has the length '" + shown(size) + "'");
            }
            if (left < 0) {
                throw new ProtocolException("a chunk of the answer has the length '" + shown(size) + "'");
            }
            ended = left == 0;
        }
    }
}
