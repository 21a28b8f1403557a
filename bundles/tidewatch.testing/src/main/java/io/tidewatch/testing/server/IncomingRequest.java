package io.tidewatch.testing.server;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** One HTTP/1.1 request on its way in. */
final class IncomingRequest {
    private static final int LONGEST_LINE = 65_536;

    private final InputStream in;
    private final String method;
    private final String path;
    private final String version;
    private final Map<String, String> headers;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private IncomingRequest(InputStream in, String method, String path, String version, Map<String, String> headers) {
        this.in = in;
        this.method = method;
        this.path = path;
        this.version = version;
        this.headers = headers;
    }

    /**
     * Reads request line and headers.
     *
     * @throws ProtocolException if they are not HTTP
     * @throws EOFException if the client left
     */
    static IncomingRequest readHead(InputStream in) throws IOException {
        String requestLine = readLine(in);
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new ProtocolException("Not a request line: " + requestLine);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("Not a header: " + line);
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        return new IncomingRequest(in, words[0], words[1], words[2], headers);
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    Map<String, String> headers() {
        return headers;
    }

    boolean wantsContinue() {
        return "100-continue".equalsIgnoreCase(headers.get("expect"));
    }

    boolean keepsAlive() {
        return version.equals("HTTP/1.1") && !"close".equalsIgnoreCase(headers.get("connection"));
    }

    /** Bytes of the body read until now, as sent but for the chunking. */
    int bodyBytes() {
        return body.size();
    }

    /**
     * Reads the body.
     *
     * @throws EOFException if the client left before its end
     * @throws ProtocolException if its length is not told, or wrongly
     */
    void readBody() throws IOException {
        if (isChunked()) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                read(size);
                endChunk();
            }
            while (!readLine(in).isEmpty()) {
                // Trailers mean nothing here.
            }
        } else {
            read(contentLength());
        }
    }

    /** Reads half of the body; of one sent in chunks, half of the first. */
    void readHalfOfBody() throws IOException {
        read((isChunked() ? chunkSize() : contentLength()) / 2);
    }

    /**
     * The samples in the body, which is read.
     *
     * @throws IOException if it holds anything else
     */
    List<ReceivedSample> samples() throws IOException {
        String encoding = headers.getOrDefault("content-encoding", "identity");
        return switch (encoding) {
            case "identity" -> JsonLines.read(body.toByteArray());
            case "gzip" -> {
                try (InputStream lines = new GZIPInputStream(new ByteArrayInputStream(body.toByteArray()))) {
                    yield JsonLines.read(lines.readAllBytes());
                }
            }
            default -> throw new IOException("Content-Encoding " + encoding + " is not gzip");
        };
    }

    private boolean isChunked() {
        return "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
    }

    private int contentLength() throws ProtocolException {
        return size(headers.getOrDefault("content-length", "0"), 10);
    }

    private int chunkSize() throws IOException {
        return size(readLine(in).split(";", 2)[0].strip(), 16);
    }

    private void endChunk() throws IOException {
        if (!readLine(in).isEmpty()) {
            throw new ProtocolException("A chunk is longer than it says");
        }
    }

    private void read(int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        body.writeBytes(bytes);
        if (bytes.length < size) {
            throw new EOFException("The client left within the body");
        }
    }

    private static int size(String text, int radix) throws ProtocolException {
        try {
            int size = Integer.parseInt(text, radix);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, as a negative one is.
        }
        throw new ProtocolException("Not a size: " + text);
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("The client left within the headers");
            }
            if (line.size() == LONGEST_LINE) {
                throw new ProtocolException("A line is longer than " + LONGEST_LINE + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
