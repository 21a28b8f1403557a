package io.tidewatch.uploader.victoriametrics.http;

import java.util.List;
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
}
