package io.tidewatch.testing.server;

import java.util.Map;

/** What a {@link ScriptedReceiver} does with one request. */
public sealed interface Fault {
    /** No fault: 204, as VictoriaMetrics answers. */
    Fault ACCEPT = new Answer(204, Map.of(), "", Integer.MAX_VALUE, false);

    /** No fault: 200 with an empty body. */
    Fault ACCEPT_EMPTY_200 = new Answer(200, Map.of(), "", Integer.MAX_VALUE, false);

    /** The connection is reset before a byte is read; there is no request to record. */
    Fault REFUSE = Break.REFUSE;

    /** The connection is reset when the headers are read. */
    Fault RESET_BEFORE_BODY = Break.RESET_BEFORE_BODY;

    /** The connection is reset when half of the body is read. */
    Fault RESET_WITHIN_BODY = Break.RESET_WITHIN_BODY;

    /** The request is received whole, then the connection is reset instead of an answer. */
    Fault RESET_AFTER_BODY = Break.RESET_AFTER_BODY;

    /** The request is received whole and never answered; the connection stays open until either side closes it. */
    Fault STALL = Break.STALL;

    /** The request is received whole; the answer breaks off in the middle of its body. */
    Fault TRUNCATED = new Answer(200, Map.of("Content-Type", "application/json"), "{\"accepted\":1}", 0, true);

    /** A captive portal: 200 with a page. */
    Fault HTML_200 = new Answer(
            200, Map.of("Content-Type", "text/html"), "<!DOCTYPE html><html><body>Log in</body></html>", 0, false);

    /** No or a wrong token. */
    Fault UNAUTHORIZED_401 = new Answer(401, Map.of("WWW-Authenticate", "Bearer"), "", 0, false);

    /** The body is larger than the server wants. */
    Fault TOO_LARGE_413 = new Answer(413, Map.of(), "", 0, false);

    /**
     * 302 to another address.
     *
     * @param to the {@code Location}
     */
    static Fault redirect302(String to) {
        return new Answer(302, Map.of("Location", to), "", 0, false);
    }

    /**
     * 400 with a reason.
     *
     * @param text the body of the answer
     */
    static Fault badRequest(String text) {
        return new Answer(400, Map.of("Content-Type", "text/plain"), text, 0, false);
    }

    /**
     * 429: come back later.
     *
     * @param retryAfter the {@code Retry-After}: seconds or an HTTP date
     */
    static Fault tooMany429(String retryAfter) {
        return new Answer(429, Map.of("Retry-After", retryAfter), "", 0, false);
    }

    /**
     * A failing server.
     *
     * @param status 500 to 599
     */
    static Fault error(int status) {
        if (status < 500 || status > 599) {
            throw new IllegalArgumentException("Status " + status + " is not 500 to 599");
        }
        return new Answer(status, Map.of(), "", 0, false);
    }

    /**
     * Partial success: 200 with {@code {"accepted":n}}.
     *
     * @param n how many samples are accepted, the first ones in the order of the body; 0 or more
     */
    static Fault partial(int n) {
        if (n < 0) {
            throw new IllegalArgumentException(n + " samples cannot be accepted");
        }
        return new Answer(200, Map.of("Content-Type", "application/json"), "{\"accepted\":" + n + '}', n, false);
    }

    /** Ends without an answer. */
    enum Break implements Fault {
        REFUSE,
        RESET_BEFORE_BODY,
        RESET_WITHIN_BODY,
        RESET_AFTER_BODY,
        STALL
    }

    /**
     * Any answer to a request that was received whole.
     *
     * @param status the HTTP status
     * @param headers further headers
     * @param body the body
     * @param accepts how many samples, the first ones in order, count as accepted
     * @param truncated whether only half of the announced body is sent and the connection closed
     */
    record Answer(int status, Map<String, String> headers, String body, int accepts, boolean truncated)
            implements Fault {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }
}
