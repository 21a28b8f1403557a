package io.tidewatch.testing.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of samples on 127.0.0.1 that does with each request what the test says, and remembers what it saw. It is
 * made of plain sockets, since HTTP servers do not reset connections or stop within a line.
 *
 * <pre>{@code
 * try (ScriptedReceiver receiver = ScriptedReceiver.start()) {
 *     receiver.script(Fault.ERROR_503, Fault.RESET_AFTER_BODY);   // then the default: ACCEPT
 *     …
 *     assertThat(receiver.samples()).contains(…);
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class ScriptedReceiver implements AutoCloseable {
    /** Small, so that a client that is not read from soon feels it. */
    private static final int RECEIVE_BUFFER = 4096;

    private static final long TRICKLE_NANOS = 20_000_000;

    private enum After {
        READ_ON,
        CLOSE,
        LEAVE_OPEN
    }

    /**
     * @param headers by name in any case; of two with one name, the last
     * @param headBytes size of the first line and the headers
     * @param bodyBytes how much was read of the body
     * @param samples what was taken of it
     */
    public record Request(
            String line,
            Map<String, String> headers,
            int headBytes,
            int bodyBytes,
            List<ReceivedSample> samples,
            int answerBytes) {
        /** Bytes of the request and its answer, headers included. */
        public int wireBytes() {
            return headBytes + bodyBytes + answerBytes;
        }
    }

    private final Deque<Fault> script = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();
    private Fault byDefault = Fault.ACCEPT;
    private Predicate<ReceivedSample> bad = sample -> false;
    private Fault.@Nullable Answer refusal;
    private LoopbackListener listener;
    private boolean refusing;
    private int accepted;
    private boolean anonymous;
    private @Nullable IOException malformed;

    private ScriptedReceiver() throws IOException {
        listener = listen(0);
    }

    public static ScriptedReceiver start() throws IOException {
        return new ScriptedReceiver();
    }

    public synchronized URI url() {
        return URI.create("http://127.0.0.1:" + listener.port() + "/api/v1/import");
    }

    /** What to do with the next requests, in order, behind what is scripted already. */
    public synchronized void script(Fault... faults) {
        script.addAll(List.of(faults));
    }

    /** What to do with a request when the script is at its end; at first that is {@link Fault#ACCEPT}. */
    public synchronized void byDefault(Fault fault) {
        byDefault = fault;
    }

    /** From now on a request that holds such a sample gets this answer, which takes nothing. */
    public synchronized void refuse(Predicate<ReceivedSample> bad, Fault answer) {
        this.bad = bad;
        this.refusal = (Fault.Answer) answer;
    }

    /** From now on no answer has the header X-Server-Hostname, by which a VictoriaMetrics is known. */
    public synchronized void anonymous(boolean anonymous) {
        this.anonymous = anonymous;
    }

    public synchronized int scripted() {
        return script.size();
    }

    /** From now on connections are refused, and those that are open are closed. */
    public synchronized void refuseConnections() throws IOException {
        listener.close();
        refusing = true;
    }

    /** Ends {@link #refuseConnections}, on the same port. */
    public synchronized void acceptConnections() throws IOException {
        if (refusing) {
            listener = listen(listener.port());
            refusing = false;
        }
    }

    /** Every request, in order of its end. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Every sample that was taken, in order, duplicates included. */
    public synchronized List<ReceivedSample> samples() {
        return requests.stream().flatMap(request -> request.samples().stream()).toList();
    }

    public synchronized int connections() {
        return accepted;
    }

    /** @throws IOException if a request was not what an import takes, which is a defect of the client */
    @Override
    public synchronized void close() throws IOException {
        refuseConnections();
        if (malformed != null) {
            throw malformed;
        }
    }

    private LoopbackListener listen(int port) throws IOException {
        return new LoopbackListener("scripted-receiver", port, RECEIVE_BUFFER, this::converse);
    }

    private void converse(Socket connection) {
        synchronized (this) {
            accepted++;
        }
        After after = After.CLOSE;
        try {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            do {
                String head = LoopbackListener.readTo("\r\n\r\n", in);
                after = head == null ? After.CLOSE : answer(connection, in, head);
            } while (after == After.READ_ON);
        } catch (IOException e) {
            // The client, or this receiver, has closed the connection: that is what happens to connections.
        }
        if (after != After.LEAVE_OPEN) {
            close(connection);
        }
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private After answer(Socket connection, InputStream in, String head) throws IOException {
        Map<String, String> headers = headersOf(head);
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        Fault fault = nextFault();
        if (fault instanceof Fault.Limited limited) {
            fault = length > limited.bytes() ? limited.over() : Fault.ACCEPT;
        }
        if (fault instanceof Fault.Answer answer) {
            byte[] body = readExactly(in, length);
            Fault.Answer given = answer.taken().samples() == 0 ? answer : unlessRefused(answer, headers, body);
            byte[] bytes = bytesOf(given);
            remember(head, headers, body, given.taken(), bytes.length);
            send(connection, bytes);
            return After.READ_ON;
        }
        if (fault instanceof Fault.Reset reset) {
            byte[] body = readExactly(in, (int) (length * reset.part()));
            remember(head, headers, body, body.length == length ? Fault.Taken.ALL : Fault.Taken.NOTHING, 0);
            // Closing with linger 0 sends RST instead of FIN.
            connection.setSoLinger(true, 0);
            return After.CLOSE;
        }
        if (fault instanceof Fault.Slow slow) {
            byte[] body = readSlowly(in, length, slow.bytesPerSecond());
            byte[] bytes = bytesOf(new Fault.Answer(204, "", "", Fault.Taken.ALL));
            remember(head, headers, body, Fault.Taken.ALL, bytes.length);
            send(connection, bytes);
            return After.READ_ON;
        }
        if (fault instanceof Fault.Stall stall) {
            byte[] body = readExactly(in, stall.reading() ? length : 0);
            remember(head, headers, body, stall.reading() ? Fault.Taken.ALL : Fault.Taken.NOTHING, 0);
            // Unread bytes fill the buffers, and the client cannot send on.
            return After.LEAVE_OPEN;
        }
        byte[] body = readExactly(in, length);
        if (fault instanceof Fault.Raw raw) {
            byte[] bytes = raw.bytes().getBytes(StandardCharsets.ISO_8859_1);
            remember(head, headers, body, raw.taken(), bytes.length);
            send(connection, bytes);
        } else {
            remember(head, headers, body, Fault.Taken.ALL, 0);
            trickle(connection);
        }
        return After.CLOSE;
    }

    private synchronized Fault.Answer unlessRefused(Fault.Answer answer, Map<String, String> headers, byte[] body)
            throws IOException {
        Fault.Answer refused = refusal;
        return refused != null && decode(headers, body).stream().anyMatch(bad) ? refused : answer;
    }

    private synchronized Fault nextFault() {
        Fault next = script.poll();
        return next == null ? byDefault : next;
    }

    private synchronized void remember(
            String head, Map<String, String> headers, byte[] body, Fault.Taken taken, int answerBytes)
            throws IOException {
        List<ReceivedSample> samples = taken.samples() == 0 ? List.of() : decode(headers, body);
        requests.add(new Request(
                head.substring(0, head.indexOf("\r\n")),
                headers,
                head.length(),
                body.length,
                List.copyOf(samples.subList(0, Math.min(samples.size(), taken.samples()))),
                answerBytes));
    }

    private List<ReceivedSample> decode(Map<String, String> headers, byte[] body) throws IOException {
        try {
            return "gzip".equals(headers.get("Content-Encoding"))
                    ? ImportLines.decodeGzip(body)
                    : ImportLines.decode(body);
        } catch (IOException e) {
            malformed = e;
            throw e;
        }
    }

    /** In the size of what VictoriaMetrics answers, so that measurements on the wire mean something. */
    private synchronized byte[] bytesOf(Fault.Answer answer) {
        String length =
                answer.status() == 204 ? "" : "Content-Length: " + answer.body().length() + "\r\n";
        String text = "HTTP/1.1 " + answer.status() + " Scripted\r\n"
                + (anonymous ? "" : "X-Server-Hostname: scripted\r\n") + "Date: Mon, 02 Jan 2006 15:04:05 GMT\r\n"
                + answer.headers() + length + "\r\n" + answer.body();
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void send(Socket connection, byte[] bytes) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    private static void trickle(Socket connection) throws IOException {
        send(connection, "HTTP/1.1 204 No Content\r\nX-Endless: ".getBytes(StandardCharsets.ISO_8859_1));
        while (true) {
            send(connection, new byte[] {'.'});
            LockSupport.parkNanos(TRICKLE_NANOS);
        }
    }

    private static byte[] readExactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The body ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private static byte[] readSlowly(InputStream in, int length, int bytesPerSecond) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            LockSupport.parkNanos(1_000_000_000 / bytesPerSecond);
            bytes[i] = readExactly(in, 1)[0];
        }
        return bytes;
    }

    private static Map<String, String> headersOf(String head) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.lines().skip(1).filter(line -> !line.isEmpty()).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        });
        return Collections.unmodifiableMap(headers);
    }
}
