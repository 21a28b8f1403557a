package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one chunk in one request, once. Made of {@link HttpURLConnection}, since java.net.http costs 17 MB of memory.
 *
 * <p>Three traps of that class are closed here. It sends a POST again by itself when a kept connection turns out to be
 * dead ({@code sun.net.http.retryPost}, on by default), so that a chunk would go twice and nobody would count it: with
 * fixed-length streaming it does not. It follows redirects, turning the POST into a GET that VictoriaMetrics answers with
 * 204 while storing nothing: switched off. It limits only the time of connecting and of each read, so that a peer that
 * does not read, or answers a byte a minute, holds it for ever: behind the deadline the connection is closed by another
 * thread. Only the resolver is beyond reach.
 *
 * <p>Connections are kept for 5 seconds (the default of the JDK), less than the server's 60: they serve the chunks of one
 * cycle.
 *
 * <p>Threads: {@link #post} is called by one; {@link #close} by any.
 */
final class ImportClient implements AutoCloseable {
    private static final Duration DEADLINE_REPEAT = Duration.ofMillis(500);
    private static final int LONGEST_TEXT = 8 << 10;

    private static final String STOPPING = "The uploader is being stopped";

    private final String userAgent;
    private final Connector connector;
    private final ScheduledThreadPoolExecutor deadlines;

    private final SecretFiles secrets = new SecretFiles();

    /** For the text of one answer after the other. */
    private final byte[] text = new byte[LONGEST_TEXT];

    private volatile @Nullable Deadline current;
    private volatile boolean closed;

    /** @param version version of the agent, for the header User-Agent */
    ImportClient(String version) {
        this(version, new Connector());
    }

    /** @param connector makes the connections */
    ImportClient(String version, Connector connector) {
        this.userAgent = "tidewatch/" + version;
        this.connector = connector;
        this.deadlines = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "tidewatch-uploader-deadline");
            // Losing it loses nothing: it only closes connections.
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        deadlines.setKeepAliveTime(10, TimeUnit.SECONDS);
        deadlines.allowCoreThreadTimeOut(true);
    }

    /**
     * Sends a chunk and waits for the answer.
     *
     * @param deviceId value of the header X-Device-ID
     * @param body holds the chunk in its first {@code length} bytes
     * @throws TokenFileException if there should be a token and is none; nothing was sent
     * @throws DeadlineException if all of it took longer than the timeout
     * @throws IOException if there was no answer; the server may have taken the chunk
     */
    Reply post(UploaderSettings settings, Endpoint endpoint, Optional<String> deviceId, byte[] body, int length)
            throws IOException {
        secrets.check(settings);
        Optional<String> authorization = authorization(settings, endpoint);
        Deadline deadline = new Deadline();
        current = deadline;
        if (closed) {
            throw new IOException(STOPPING);
        }
        // Again and again: closing has no effect on a connection that is just being made.
        ScheduledFuture<?> watch = watch(deadline, settings.timeout());
        try {
            HttpURLConnection connection = connector.connect(settings, endpoint, fresh -> {
                deadline.watch(fresh);
                prepare(fresh, settings, deviceId, authorization, length);
            });
            return exchange(connection, body, length, deadline);
        } catch (IOException e) {
            throw deadline.passed() ? new DeadlineException(e) : e;
        } catch (RuntimeException e) {
            // HttpURLConnection passes on what its parsers throw at nonsense.
            throw new IOException("Not an answer in HTTP", e);
        } finally {
            watch.cancel(false);
            current = null;
        }
    }

    /** What is wrong with changed certificates, while those before stay in force; null if nothing is. */
    @Nullable
    String tlsProblem() {
        return connector.tlsProblem();
    }

    /** Secrets that others may read; none if all is well. */
    List<String> secretWarnings() {
        return secrets.warnings();
    }

    /** Breaks off a request that is under way, and refuses others. */
    @Override
    public void close() {
        closed = true;
        Deadline request = current;
        if (request != null) {
            request.disconnect();
        }
        deadlines.shutdownNow();
    }

    private ScheduledFuture<?> watch(Deadline deadline, Duration timeout) throws IOException {
        try {
            return deadlines.scheduleWithFixedDelay(
                    deadline, timeout.toNanos(), DEADLINE_REPEAT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw new IOException(STOPPING, e);
        }
    }

    private void prepare(
            HttpURLConnection connection,
            UploaderSettings settings,
            Optional<String> deviceId,
            Optional<String> authorization,
            int length)
            throws IOException {
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(length);
        connection.setRequestProperty("Content-Type", "application/x-ndjson");
        connection.setRequestProperty("Content-Encoding", "gzip");
        connection.setRequestProperty("User-Agent", userAgent);
        // Without this the JDK spends sixty bytes on saying that it prefers web pages and pictures.
        connection.setRequestProperty("Accept", "*/*");
        deviceId.ifPresent(id -> connection.setRequestProperty("X-Device-ID", printable(id)));
        for (RequestHeader header : settings.headers()) {
            connection.setRequestProperty(header.name(), header.value());
        }
        authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
    }

    private static Optional<String> authorization(UploaderSettings settings, Endpoint endpoint)
            throws TokenFileException {
        Optional<Path> file = settings.tokenFile();
        return file.isPresent() ? Optional.of("Bearer " + TokenFile.read(file.get())) : endpoint.basicAuthorization();
    }

    private Reply exchange(HttpURLConnection connection, byte[] body, int length, Deadline deadline)
            throws IOException {
        IOException broken = send(connection, body, length);
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("Not an answer in HTTP");
        }
        if (broken != null && status < 300) {
            // Whoever says so cannot have read what they say they have taken.
            throw broken;
        }
        return new Reply(
                status,
                connection.getContentType(),
                connection.getHeaderField("Location"),
                connection.getHeaderField("Retry-After"),
                connection.getHeaderField("Date"),
                text(connection, status, deadline));
    }

    /**
     * Sends the body. A server may answer before it has read all of it, and close: 413, say. That answer is worth more
     * than the failure to send, and it can be read, since the class notes a failed write instead of throwing it.
     *
     * @return why not all of it was sent; null if all was, as far as is known
     */
    private @Nullable IOException send(HttpURLConnection connection, byte[] body, int length) throws IOException {
        try (OutputStream out = connection.getOutputStream()) {
            if (closed) {
                throw new IOException(STOPPING);
            }
            out.write(body, 0, length);
            out.flush();
            try {
                // Nothing is written: this asks for what was noted.
                out.write(body, 0, 0);
            } catch (IOException e) {
                return e;
            }
        }
        return null;
    }

    /** Reads the body to its end, so that the connection can be kept, or gives the connection up. */
    private String text(HttpURLConnection connection, int status, Deadline deadline) throws IOException {
        InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (in == null) {
            return "";
        }
        int length = 0;
        try (in) {
            int count = in.read(text, 0, text.length);
            while (count > 0) {
                length += count;
                if (deadline.passed()) {
                    throw new IOException("The answer does not end");
                }
                count = in.read(text, length, text.length - length);
            }
            if (count == 0) {
                connection.disconnect();
            }
        }
        if (length < LONGEST_TEXT) {
            checkWhole(connection, status, length);
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * HttpURLConnection takes a connection that breaks for the end of the answer. A web page of which only the first line
     * arrived would pass for success: an empty 200 counts only if the server says how long it is.
     */
    private static void checkWhole(HttpURLConnection connection, int status, int length) throws IOException {
        long promised = connection.getContentLengthLong();
        if (status == 204) {
            if (promised > 0) {
                // There is none behind a 204 (RFC 9110, 15.3.5). What comes all the same is not the next answer.
                connection.disconnect();
            }
            return;
        }
        boolean unknown = promised < 0 && connection.getHeaderField("Transfer-Encoding") == null;
        if (length < promised || (status == 200 && length == 0 && unknown)) {
            throw new IOException("The answer ends early");
        }
    }

    /** Percent-encodes what cannot stand in a header: a device may be called anything. */
    static String printable(String id) {
        StringBuilder text = new StringBuilder(id.length());
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%')
                        .append(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return text.toString();
    }
}
