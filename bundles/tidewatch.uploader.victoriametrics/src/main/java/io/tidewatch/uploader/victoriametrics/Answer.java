package io.tidewatch.uploader.victoriametrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server's answer to an import request means. The rules follow what VictoriaMetrics, vmauth and the things that
 * stand in between really answer, see docs/delivery.md.
 *
 * @param verdict what it means
 * @param status HTTP status; 0 if there was no answer
 * @param accepted with {@link Verdict#PARTIAL}: how many samples, in the order of the request, were accepted
 * @param reason a word for counters: {@code accepted}, {@code network}, {@code http_503}
 * @param explanation one sentence for an operator, without secrets
 * @param retryAfter how long the server wants to be left alone
 * @param bytesReceived size of the body as far as it was read
 */
record Answer(
        Verdict verdict,
        int status,
        int accepted,
        String reason,
        String explanation,
        Optional<Duration> retryAfter,
        int bytesReceived) {
    /** What an answer means for the samples of the request. */
    enum Verdict {
        /** The server has all of them. */
        ACCEPTED,
        /** The server has the first {@link Answer#accepted()} of them. */
        PARTIAL,
        /** The server, the network or the configuration is at fault; the samples may be fine. */
        RETRY,
        /** Something that is not the server answered: a captive portal, an exhausted SIM's page, a wrong address. */
        INTERCEPTED,
        /** The server does not want this request. */
        REFUSED
    }

    private static final JsonFactory JSON = new JsonFactory();
    private static final int SHOWN = 120;

    /** There was no answer. */
    static Answer none(String explanation) {
        return new Answer(Verdict.RETRY, 0, 0, "network", explanation, Optional.empty(), 0);
    }

    /**
     * Reads an answer.
     *
     * @param status HTTP status
     * @param body the beginning of the body
     * @param length how much of it there is
     * @param samples how many samples the request held
     * @param retryAfterHeader the header of that name, or null
     * @param location the header of that name, or null
     * @param clock for a Retry-After that is a date
     */
    static Answer of(
            int status,
            byte[] body,
            int length,
            int samples,
            @Nullable String retryAfterHeader,
            @Nullable String location,
            Clock clock) {
        String text = new String(body, 0, length, StandardCharsets.UTF_8).strip();
        Optional<Duration> retryAfter = retryAfter(retryAfterHeader, clock);
        if (status == 204 || (status == 200 && text.isEmpty())) {
            return new Answer(Verdict.ACCEPTED, status, samples, "accepted", "accepted", retryAfter, length);
        }
        if (status == 200) {
            int accepted = acceptedCount(text);
            if (accepted >= samples) {
                return new Answer(Verdict.ACCEPTED, status, samples, "accepted", "accepted", retryAfter, length);
            }
            if (accepted >= 0) {
                String explanation = "The server accepted " + accepted + " of " + samples + " samples";
                return new Answer(Verdict.PARTIAL, status, accepted, "partial", explanation, retryAfter, length);
            }
        }
        Verdict verdict = verdictOf(status, text);
        return new Answer(
                verdict, status, 0, reasonOf(verdict, status), explain(status, text, location), retryAfter, length);
    }

    /** Whether all samples of the request are with the server. */
    boolean isAccepted() {
        return verdict == Verdict.ACCEPTED;
    }

    /** Whether another token might help. */
    boolean isUnauthorized() {
        return status == 401 || status == 403 || (status == 400 && explanation.contains("token"));
    }

    private static Verdict verdictOf(int status, String body) {
        if (status < 400) {
            return Verdict.INTERCEPTED;
        }
        return switch (status) {
            case 400 ->
                body.contains("auth token")
                                || body.contains("missing route")
                                || body.contains("unexpected EOF")
                                || body.contains("unsupported path")
                        ? Verdict.RETRY
                        : Verdict.REFUSED;
            case 413, 422 -> Verdict.REFUSED;
            default -> Verdict.RETRY;
        };
    }

    private static String reasonOf(Verdict verdict, int status) {
        return verdict == Verdict.INTERCEPTED ? "intercepted" : "http_" + status;
    }

    private static String explain(int status, String body, @Nullable String location) {
        if (status >= 300 && status < 400) {
            return "The request was redirected (" + status + ") to "
                    + quoted(location == null ? "" : withoutQuery(location))
                    + ": a captive portal, an exhausted SIM, or a wrong url";
        }
        if (status < 300) {
            return "Something that is not VictoriaMetrics answered " + status + " with " + quoted(body)
                    + ": a captive portal, an exhausted SIM, or a wrong url";
        }
        String advice =
                switch (status) {
                    case 400 ->
                        body.contains("auth token")
                                ? "the token is unknown there; check token.file"
                                : "check the path of url";
                    case 401, 403 -> "check token.file";
                    case 404, 405 -> "check the path of url";
                    case 408, 429, 502, 503, 504 -> "the server is busy or not reachable behind its proxy";
                    case 413 -> "lower chunk.size or line.values";
                    default -> "see the server's log";
                };
        return "The server answered " + status + (body.isEmpty() ? "" : " " + quoted(body)) + "; " + advice;
    }

    private static String withoutQuery(String location) {
        int query = location.indexOf('?');
        return query < 0 ? location : location.substring(0, query);
    }

    private static String quoted(String text) {
        String line = text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "");
        return "'" + (line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line) + "'";
    }

    /** The number of {@code {"accepted": n}}; -1 if the text is something else. */
    private static int acceptedCount(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return -1;
            }
            int accepted = -1;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean counts = parser.currentName().equals("accepted");
                JsonToken value = parser.nextToken();
                if (counts && value == JsonToken.VALUE_NUMBER_INT) {
                    accepted = parser.getIntValue();
                }
                parser.skipChildren();
            }
            return accepted;
        } catch (IOException e) {
            return -1;
        }
    }

    /** RFC 9110, 10.2.3: seconds, or an HTTP date. */
    private static Optional<Duration> retryAfter(@Nullable String header, Clock clock) {
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        String value = header.strip();
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            ZonedDateTime date =
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT));
            Duration wait = Duration.between(clock.instant(), date.toInstant());
            return wait.isNegative() ? Optional.empty() : Optional.of(wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
