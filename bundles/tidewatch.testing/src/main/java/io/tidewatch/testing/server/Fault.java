package io.tidewatch.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What a {@link ScriptedReceiver} does with one request. What it takes before it fails, it keeps: a client that sends
 * the same again makes a duplicate, never a loss.
 */
public sealed interface Fault {
    /** RFC 9110, 5.6.7. */
    DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** No fault: everything is taken, the answer is 204. */
    Fault ACCEPT = new Answer(204, "", "", Taken.ALL);

    /** No fault: everything is taken, the answer is 200 without a body. */
    Fault ACCEPT_200 = new Answer(200, "", "", Taken.ALL);

    /** The connection is reset after the headers of the request; nothing is taken. */
    Fault RESET_BEFORE_BODY = new Reset(0);

    /** The connection is reset half way through the body; nothing is taken. */
    Fault RESET_WITHIN_BODY = new Reset(0.5);

    /** Everything is taken, then the connection is reset instead of an answer. */
    Fault RESET_AFTER_BODY = new Reset(1);

    /** Nothing is read after the headers, and nothing answered, until one of the two closes the connection. */
    Fault STALL_WITHIN_BODY = new Stall(false);

    /** Everything is taken, and nothing answered, until one of the two closes the connection. */
    Fault STALL = new Stall(true);

    /** A link of a kilobyte per second; 204 once all of the body is there. */
    Fault SLOW = new Slow(1000);

    /** Everything is taken; the answer comes byte by byte and never ends. */
    Fault TRICKLE = new Trickle();

    /** Everything is taken; the answer ends within its first line. */
    Fault TRUNCATED_STATUS = new Raw("HTTP/1.1 20", Taken.ALL);

    /** Everything is taken; the answer promises a body that does not come. */
    Fault TRUNCATED_BODY =
            new Raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{\"acc", Taken.ALL);

    /** A captive portal's answer of which no more arrives than a part of its headers; nothing is taken. */
    Fault TRUNCATED_HEADERS = new Raw("HTTP/1.1 200 OK\r\nContent-Ty", Taken.NOTHING);

    /** A captive portal's answer of which nothing of the page arrives; nothing is taken. */
    Fault TRUNCATED_PAGE = new Raw("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n", Taken.NOTHING);

    /** Everything is taken; the answer is not HTTP. */
    Fault GARBAGE = new Raw("SSH-2.0-OpenSSH_9.2\r\n", Taken.ALL);

    /** A captive portal that answers in the server's place. */
    Fault HTML_200 = new Answer(
            200,
            "Content-Type: text/html\r\n",
            "<!DOCTYPE html><html><body>Log in to the hotel's network</body></html>",
            Taken.NOTHING);

    /** A captive portal that sends the client elsewhere. */
    Fault REDIRECT_302 = new Answer(302, "Location: http://portal.example/login?from=secret\r\n", "", Taken.NOTHING);

    /** The token is unknown. */
    Fault UNAUTHORIZED_401 =
            new Answer(401, "WWW-Authenticate: Basic realm=\"VictoriaMetrics\"\r\n", "", Taken.NOTHING);

    /** The token is known and not enough. */
    Fault FORBIDDEN_403 = new Answer(403, "", "forbidden", Taken.NOTHING);

    /** The server gave up. */
    Fault ERROR_500 = new Answer(500, "", "internal error", Taken.NOTHING);

    /** A proxy does not reach the server. */
    Fault ERROR_502 =
            new Answer(502, "Content-Type: text/html\r\n", "<html><body>Bad Gateway</body></html>", Taken.NOTHING);

    /** The disk of the server is nearly full. */
    Fault ERROR_503 = new Answer(503, "", "the storage is in read-only mode", Taken.NOTHING);

    /** vmauth 1.148 and later: the beginning of the body did not arrive within {@code -maxQueueDuration}. */
    Fault LATE_408 = new Answer(
            408,
            "Content-Type: text/plain; charset=utf-8\r\n",
            "reject request from the user rig because the request body couldn't be read in -maxQueueDuration=10s;"
                    + " read 1234 bytes in 10s",
            Taken.NOTHING);

    /** The same in vmauth 1.135 to 1.147. */
    Fault LATE_400 = badRequest("reject request from the user rig because the request body couldn't be read in"
            + " -maxQueueDuration=10s; read 1234 bytes in 10s");

    /** The connection of vmauth 1.151 timed out while it read the body. */
    Fault UNREAD_400 =
            badRequest("remoteAddr: \"127.0.0.1:1\"; requestURI: /api/v1/import; cannot read request body: read tcp"
                    + " 127.0.0.1:8427->127.0.0.1:1: i/o timeout");

    /** A request with a larger body than a proxy lets through; nothing is taken. */
    Fault TOO_LARGE_413 = new Answer(
            413,
            "Content-Type: text/html\r\n",
            "<html><head><title>413 Request Entity Too Large</title></head></html>",
            Taken.NOTHING);

    /** A body of more bytes gets this answer; any other is accepted. */
    static Fault over(int bytes, Fault answer) {
        return new Limited(bytes, (Answer) answer);
    }

    /** 429 with the seconds to wait. */
    static Fault tooManyRequests(Duration retryAfter) {
        return new Answer(429, "Retry-After: " + retryAfter.toSeconds() + "\r\n", "", Taken.NOTHING);
    }

    /** 429 with the time to wait for. */
    static Fault tooManyRequests(Instant retryAfter) {
        return new Answer(429, "Retry-After: " + HTTP_DATE.format(retryAfter) + "\r\n", "", Taken.NOTHING);
    }

    /** 400 with an explanation in plain text, as VictoriaMetrics gives it; nothing is taken. */
    static Fault badRequest(String text) {
        return new Answer(400, "Content-Type: text/plain; charset=utf-8\r\n", text, Taken.NOTHING);
    }

    /** Any status with a plain text; nothing is taken. */
    static Fault status(int status, String text) {
        return new Answer(status, "", text, Taken.NOTHING);
    }

    /** The first {@code accepted} samples are taken, and the answer says so. */
    static Fault partial(int accepted) {
        return new Answer(
                200, "Content-Type: application/json\r\n", "{\"accepted\": " + accepted + "}", new Taken(accepted));
    }

    /** How many samples of a request are taken, from its beginning. */
    record Taken(int samples) {
        static final Taken ALL = new Taken(Integer.MAX_VALUE);
        static final Taken NOTHING = new Taken(0);
    }

    /** @param headers header lines, each with its line end */
    record Answer(int status, String headers, String body, Taken taken) implements Fault {}

    /** A limit on the size of a body. */
    record Limited(int bytes, Answer over) implements Fault {}

    /** A part of the body, 0 to 1, is read, and the connection reset; the samples are taken if that was all of it. */
    record Reset(double part) implements Fault {}

    /** @param reading whether the body is read, and its samples taken */
    record Stall(boolean reading) implements Fault {}

    /** The body is read slowly, and everything is taken. */
    record Slow(int bytesPerSecond) implements Fault {}

    /** An answer that never ends. */
    record Trickle() implements Fault {}

    /** These bytes, as ISO 8859-1, are sent, and the connection is closed. */
    record Raw(String bytes, Taken taken) implements Fault {}
}
