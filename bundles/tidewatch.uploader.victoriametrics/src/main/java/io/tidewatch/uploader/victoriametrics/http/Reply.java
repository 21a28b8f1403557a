package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it came over the wire.
 *
 * @param identified whether the answer shows that it comes from the server: by a verified certificate, or by the header
 *     X-Server-Hostname that VictoriaMetrics adds to every answer
 * @param text beginning of the body
 */
public record Reply(
        int status,
        @Nullable String contentType,
        @Nullable String location,
        List<String> retryAfter,
        @Nullable String date,
        boolean identified,
        String text) {
    /** A shorter text is no secret, and may be a part of anything. */
    private static final int SHORTEST_SECRET = 4;

    /** VictoriaMetrics: lib/httpserver/httpserver.go. */
    private static final String IDENTITY = "X-Server-Hostname";

    static final int LONGEST_TEXT = 8 << 10;

    /**
     * The same without secrets that the server repeats, as vmauth does with a token that it does not know: what it says
     * is shown and logged.
     *
     * @param secrets what was sent and must stay secret
     */
    public Reply without(List<String> secrets) {
        String shown = text;
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_SECRET) {
                shown = shown.replace(secret, "(hidden)");
            }
        }
        return shown.equals(text)
                ? this
                : new Reply(status, contentType, location, retryAfter, date, identified, shown);
    }

    /**
     * Reads the rest of an answer, as much of it as is needed to tell what it means.
     *
     * @param buffer of {@link #LONGEST_TEXT} bytes, for one answer after the other
     * @throws IOException if it is not whole, or does not end in time
     */
    static Reply read(HttpURLConnection connection, int status, TimedCalls.Deadline deadline, byte[] buffer)
            throws IOException {
        return new Reply(
                status,
                connection.getContentType(),
                connection.getHeaderField("Location"),
                connection.getHeaderField("Retry-After") == null ? List.of() : headers(connection, "Retry-After"),
                connection.getHeaderField("Date"),
                connection instanceof HttpsURLConnection || connection.getHeaderField(IDENTITY) != null,
                text(connection, status, deadline, buffer));
    }

    /** All headers of a name, in any case. */
    private static List<String> headers(HttpURLConnection connection, String name) {
        return connection.getHeaderFields().entrySet().stream()
                .filter(header -> name.equalsIgnoreCase(header.getKey()))
                .flatMap(header -> header.getValue().stream())
                .toList();
    }

    /** Reads the body to its end, so that the connection can be kept, or gives the connection up. */
    private static String text(HttpURLConnection connection, int status, TimedCalls.Deadline deadline, byte[] buffer)
            throws IOException {
        InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (in == null) {
            return "";
        }
        int length = 0;
        try (in) {
            int count = in.read(buffer, 0, buffer.length);
            while (count > 0) {
                length += count;
                if (deadline.passed()) {
                    throw new IOException("The answer does not end");
                }
                count = in.read(buffer, length, buffer.length - length);
            }
            if (count == 0) {
                connection.disconnect();
            }
        }
        if (length < buffer.length) {
            checkWhole(connection, status, length);
        }
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * HttpURLConnection takes a connection that breaks for the end of the answer. A web page of which only the first line
     * arrived would pass for success: an empty 200 counts only if the server says how long it is.
     */
    private static void checkWhole(HttpURLConnection connection, int status, int length) throws IOException {
        long promised = connection.getContentLengthLong();
        if (status == 204) {
            // Whatever length it states, it has no body (RFC 9110, 15.3.5).
            return;
        }
        boolean unknown = promised < 0 && connection.getHeaderField("Transfer-Encoding") == null;
        if (length < promised || (status == 200 && length == 0 && unknown)) {
            throw new IOException("The answer ends early");
        }
    }
}
