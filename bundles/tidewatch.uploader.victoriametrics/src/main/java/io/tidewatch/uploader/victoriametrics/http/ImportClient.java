package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.api.delivery.DeliveryTarget.Preparation;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.secrets.Credentials;
import io.tidewatch.uploader.victoriametrics.settings.RequestHeader;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends one chunk in one request, once. Made of {@link HttpURLConnection}, since java.net.http costs 17 MB of memory.
 *
 * <p>Three traps of that class are closed here. It sends a POST again by itself when a kept connection turns out to be
 * dead ({@code sun.net.http.retryPost}, on by default), so that a chunk would go twice, uncounted: with
 * fixed-length streaming it does not. It follows redirects, turning the POST into a GET that VictoriaMetrics answers with
 * 204 while storing nothing: switched off. It limits only the time of connecting and of each read: {@link TimedCalls}.
 *
 * <p>Connections are kept for 5 seconds, less than the server's 60: they serve the chunks of one cycle.
 *
 * <p>Threads: {@link #post} is called by one; {@link #abort} and {@link #close} by any.
 */
public final class ImportClient implements Sending, AutoCloseable {
    private static final Duration NETWORK_LOOK = Duration.ofSeconds(3);

    private final String userAgent;
    private final Connector connector;
    private final TimedCalls calls;
    private final byte[] text = new byte[Reply.LONGEST_TEXT];
    private int headBytes;
    private boolean connected;

    public ImportClient(String version) {
        this(version, new Connector(), new Routes(Path.of("/proc/net")), NETWORK_LOOK);
    }

    public ImportClient(String version, Connector connector, LongSupplier network, Duration look) {
        this.connector = connector;
        this.calls = new TimedCalls(network, look);
        this.userAgent = userAgent(version);
    }

    public static String userAgent(String version) {
        return "tidewatch/" + version;
    }

    /**
     * Sends a chunk and waits for the answer.
     *
     * @param deviceId value of the header X-Device-ID
     * @param body holds the chunk in its first {@code length} bytes
     * @throws DeliveryException if every user may read token or key, or there should be a token and is none; nothing was
     *     sent
     * @throws SocketTimeoutException if all of it took longer than the timeout
     * @throws IOException if there was no answer; the server may have taken the chunk
     */
    @Override
    public Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length)
            throws IOException {
        connected = false;
        URI url = settings.requireEndpoint().url();
        Optional<String> authorization = Credentials.authorization(settings);
        Reply reply = call(
                settings,
                url,
                connection -> {
                    prepare(connection, userAgent, settings, authorization);
                    connection.setRequestMethod("POST");
                    connection.setDoOutput(true);
                    connection.setFixedLengthStreamingMode(length);
                    connection.setRequestProperty("Content-Type", "application/x-ndjson");
                    connection.setRequestProperty("Content-Encoding", "gzip");
                    deviceId.ifPresent(id -> connection.setRequestProperty("X-Device-ID", printable(id)));
                    headBytes = headBytes(url, connection, length)
                            + authorization
                                    .map(value -> header("Authorization", value))
                                    .orElse(0);
                },
                (connection, deadline) -> exchange(connection, body, length, deadline));
        List<String> secrets = new ArrayList<>(1);
        // Behind the scheme, which is none: "Bearer", "Basic".
        authorization.ifPresent(value -> secrets.add(value.substring(value.indexOf(' ') + 1)));
        settings.headers().forEach(header -> secrets.add(header.value()));
        return reply.without(secrets);
    }

    /**
     * Reads the server's own metrics, with the same credentials as it is sent chunks.
     *
     * @return nothing if there is no such page, or it is not VictoriaMetrics'
     * @throws IOException if there was no answer, or one of trouble that may pass
     */
    public Optional<ServerPage> serverPage(UploaderSettings settings) throws IOException {
        Optional<String> authorization = Credentials.authorization(settings);
        return call(
                settings,
                ServerPage.url(settings.requireEndpoint()),
                connection -> {
                    prepare(connection, userAgent, settings, authorization);
                    connection.setRequestProperty("Accept-Encoding", "gzip");
                },
                (connection, deadline) -> serverPage(connection));
    }

    @Nullable
    public String tlsProblem() {
        return connector.tlsProblem();
    }

    @Override
    public int headBytes() {
        return headBytes;
    }

    @Override
    public boolean connected() {
        return connected;
    }

    /** Ends a request that is under way now, unless it has ended when the time is over. */
    public void abort(Duration grace, String why) {
        try {
            calls.abort(grace, why);
        } catch (IOException e) {
            // Closed, which has ended it.
        }
    }

    /** Aborts a request that is under way, and refuses others. */
    @Override
    public void close() {
        calls.close();
    }

    private interface Request<T> {
        T on(HttpURLConnection connection, TimedCalls.Deadline deadline) throws IOException;
    }

    private <T> T call(UploaderSettings settings, URI url, Preparation preparation, Request<T> request)
            throws IOException {
        try {
            return calls.call(settings.timeout(), deadline -> {
                HttpURLConnection connection = connector.connect(settings, url, fresh -> {
                    deadline.watch(fresh);
                    preparation.prepare(fresh);
                });
                return request.on(connection, deadline);
            });
        } finally {
            connector.used();
        }
    }

    private static Optional<ServerPage> serverPage(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status >= 500 || status == 408 || status == 429) {
            throw new IOException("/metrics answers " + status);
        }
        if (status != 200) {
            return Optional.empty();
        }
        boolean packed = "gzip".equalsIgnoreCase(connection.getContentEncoding());
        try (InputStream body = connection.getInputStream();
                InputStream page = packed ? new GZIPInputStream(body) : body) {
            return ServerPage.read(page);
        }
    }

    /** What all requests have in common. */
    public static void prepare(
            HttpURLConnection connection, String userAgent, UploaderSettings settings, Optional<String> authorization) {
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("User-Agent", userAgent);
        // Without this the JDK spends sixty bytes on saying that it prefers web pages and pictures.
        connection.setRequestProperty("Accept", "*/*");
        for (RequestHeader header : settings.headers()) {
            connection.setRequestProperty(header.name(), header.value());
        }
        authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
    }

    /** With what HttpURLConnection adds: the first line, Host, Connection and the length. Secrets it does not list. */
    private static int headBytes(URI url, HttpURLConnection connection, int length) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        int bytes = "\r\n".length()
                + ("POST " + url.getRawPath() + query + " HTTP/1.1\r\n").length()
                + header("Host", url.getRawAuthority())
                + header("Connection", "keep-alive")
                + header("Content-Length", String.valueOf(length));
        for (Map.Entry<String, List<String>> property :
                connection.getRequestProperties().entrySet()) {
            for (String value : property.getValue()) {
                bytes += header(property.getKey(), value);
            }
        }
        return bytes;
    }

    private static int header(String name, String value) {
        return name.length() + value.length() + 4;
    }

    private Reply exchange(HttpURLConnection connection, byte[] body, int length, TimedCalls.Deadline deadline)
            throws IOException {
        connected = true;
        IOException broken = send(connection, body, length);
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("Not an answer in HTTP");
        }
        if (broken != null && status < 300) {
            // Such a server cannot have read what it acknowledges.
            throw broken;
        }
        return Reply.read(connection, status, deadline, text);
    }

    /**
     * Sends the body. A server may answer before it has read all of it, and close: 413, say. That answer is worth more
     * than the failure to send, and it can be read, since the class notes a failed write instead of throwing it.
     *
     * @return why not all of it was sent; null if all was, as far as is known
     */
    private @Nullable IOException send(HttpURLConnection connection, byte[] body, int length) throws IOException {
        try (OutputStream out = connection.getOutputStream()) {
            calls.checkOpen();
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

    /** Percent-encodes what cannot stand in a header: a device may be called anything. */
    public static String printable(String id) {
        StringBuilder text = new StringBuilder(id.length());
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return text.toString();
    }
}
