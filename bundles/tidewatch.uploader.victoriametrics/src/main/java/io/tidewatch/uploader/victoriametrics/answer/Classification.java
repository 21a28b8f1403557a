package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.answer.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.failure.ForeignText;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an answer means: success or what only looks like it, and whether the same may succeed later. When in
 * doubt samples stay pending: a duplicate is harmless, a loss is not.
 */
public final class Classification {

    private static final Pattern ACCEPTED = Pattern.compile("\\{\\s*\"accepted\"\\s*:\\s*(\\d{1,9})\\s*}");

    /** VictoriaMetrics begins its texts with this; the URI may contain a secret. */
    private static final Pattern PREAMBLE = Pattern.compile("^remoteAddr: .*?; requestURI: .*?; ");

    /**
     * What a text quotes: strings as Go and others write them, and lines of JSON. Names and labels of samples may be any
     * text, and advise nothing.
     */
    private static final Pattern QUOTATION =
            Pattern.compile("\"(?:\\\\.|[^\"\\\\])*+\"?|`[^`]*+`?|'[^']*+'|\\{.*", Pattern.DOTALL);

    /** What 400s of VictoriaMetrics and vmauth (app/vmauth/main.go) are about, by words in them, in lower case. */
    private static final Map<Reason, Pattern> ABOUT = new EnumMap<>(Map.of(
            Reason.HTTP_400_TOKEN, Pattern.compile("auth token|authorization"),
            Reason.HTTP_400_PATH,
                    Pattern.compile("missing route|unsupported path|unknown path|unsupported url|cannot parse path"),
            Reason.HTTP_400_BODY,
                    Pattern.compile("unexpected eof|cannot read gzip|cannot read request body|request body couldn"
                            + "|i/o timeout")));

    private final Reply reply;
    private final UploaderSettings settings;
    private final String server;
    private final String said;
    private final boolean html;

    private Classification(Reply reply, UploaderSettings settings) {
        this.reply = reply;
        this.settings = settings;
        this.server = settings.requireEndpoint().server();
        this.html = String.valueOf(reply.contentType()).toLowerCase(Locale.ROOT).contains("html")
                || reply.text().stripLeading().startsWith("<");
        this.said = server + " answers " + reply.status()
                + (html || reply.text().isBlank()
                        ? ""
                        : " "
                                + ForeignText.quoted(
                                        PREAMBLE.matcher(reply.text()).replaceFirst("")));
    }

    /**
     * Returns what an answer means.
     *
     * @param known whether the peer is known to be the server
     * @param samples number of samples in the request
     * @param now time of the device
     */
    public static Answer of(Reply reply, UploaderSettings settings, boolean known, int samples, Instant now) {
        Answer answer = new Classification(reply, settings).answer(samples, now);
        return known || answer instanceof Failure
                ? answer
                : new Failure(
                        Reason.UNKNOWN_PEER,
                        settings.requireEndpoint().server() + " answers " + reply.status()
                                + ", and nothing shows that it is VictoriaMetrics (no certificate, no X-Server-Hostname, no"
                                + " metrics page): samples stay pending; log in to the network or top up the SIM, or set"
                                + " peer = any for a server that shows none of these");
    }

    private Answer answer(int samples, Instant now) {
        int status = reply.status();
        return switch (status) {
            case 204 -> new Accepted();
            case 400 -> badRequest();
            case 422 -> refused();
            case 511 -> intercepted(server + " answers 511: the network wants a login");
            default ->
                switch (status / 100) {
                    case 2 -> success(samples);
                    case 3 ->
                        intercepted(server + " redirects to " + target(reply.location())
                                + ": a captive portal, an exhausted SIM, or a url that has moved");
                    default ->
                        new Failure(
                                Reason.ofStatus(status),
                                "http_" + status,
                                said + ": " + advice(Reason.ofStatus(status)),
                                RetryAfter.parse(reply.retryAfter(), reply.date(), now));
                };
        };
    }

    private String advice(Reason reason) {
        return switch (reason) {
            case HTTP_400_TOKEN, HTTP_401, HTTP_403 -> credentials();
            case HTTP_400_PATH, HTTP_404, HTTP_405 -> "check the path of url, which ends in /api/v1/import";
            case HTTP_400_BODY, HTTP_408 -> "the request did not arrive whole or in time; the next ones are smaller";
            case HTTP_407 -> "the proxy wants a login: set user and password in proxy";
            case HTTP_413 -> "the request is too large; the next ones are smaller";
            case HTTP_429 -> "the server has too much to do";
            default ->
                reply.status() >= 500
                        ? "the server, or the proxy before it, has trouble"
                        : "check url, and the proxies before the server";
        };
    }

    private String credentials() {
        if (settings.tokenFile().isPresent()) {
            return "check the token in token.file";
        }
        return settings.requireEndpoint().basicAuthorization().isPresent()
                ? "check user and password in url"
                : "it wants a login: set token.file, or user and password in url";
    }

    private Answer success(int samples) {
        String text = reply.text().strip();
        if (reply.status() == 200 && text.isEmpty()) {
            return settings.acceptEmpty200()
                    ? new Accepted()
                    : intercepted(server + " answers 200 with nothing: not VictoriaMetrics, but a captive portal or an"
                            + " exhausted SIM; for a server that answers so set accept.empty.200 = true");
        }
        Matcher accepted = ACCEPTED.matcher(text);
        if (reply.status() == 200 && accepted.matches()) {
            int count = Integer.parseInt(accepted.group(1));
            return count >= samples ? new Accepted() : new Partial(count);
        }
        return intercepted(server + " answers " + reply.status() + " with "
                + (html ? "a web page" : text.isEmpty() ? "nothing" : ForeignText.quoted(text))
                + ": not VictoriaMetrics, but a captive portal, an exhausted SIM, or a wrong url");
    }

    private Failure badRequest() {
        if (html) {
            return intercepted(said + ": not VictoriaMetrics, check url and the proxies before the server");
        }
        String text = QUOTATION
                .matcher(PREAMBLE.matcher(reply.text()).replaceFirst(""))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        return ABOUT.entrySet().stream()
                .filter(about -> about.getValue().matcher(text).find())
                .map(Map.Entry::getKey)
                .map(reason -> new Failure(reason, said + ": " + advice(reason)))
                .findFirst()
                .orElseGet(this::refused);
    }

    private Failure refused() {
        return new Failure(Reason.REFUSED, said + ": the server refuses these samples, they stay pending");
    }

    private static Failure intercepted(String message) {
        return new Failure(Reason.INTERCEPTED, message);
    }

    /** Scheme, host and path are enough to recognise a portal; the query may be a session. */
    private static String target(@Nullable String location) {
        return location == null
                ? "nowhere"
                : ForeignText.quoted(location.replaceFirst("[?#].*", "").replaceFirst("//.*@", "//"));
    }
}
