package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.uploader.victoriametrics.Answer.Accepted;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Intercepted;
import io.tidewatch.uploader.victoriametrics.Answer.Partial;
import io.tidewatch.uploader.victoriametrics.Answer.Refused;
import io.tidewatch.uploader.victoriametrics.Answer.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells success from what only looks like it, and what to try again from what is refused. When in doubt samples stay
 * pending: a duplicate is harmless, a loss is not.
 */
final class Classification {
    private static final int QUOTED = 160;

    private static final Pattern ACCEPTED = Pattern.compile("\\{\\s*\"accepted\"\\s*:\\s*(\\d{1,9})\\s*}");

    /** VictoriaMetrics puts this before what it has to say; the URI may hold a secret. */
    private static final Pattern PREAMBLE = Pattern.compile("^remoteAddr: .*?; requestURI: .*?; ");

    /** 400s of VictoriaMetrics and vmauth about the token, in lower case. */
    private static final List<String> ABOUT_TOKEN = List.of("auth token", "authorization");

    /** 400s about the path. */
    private static final List<String> ABOUT_PATH =
            List.of("missing route", "unsupported path", "unknown path", "unsupported url", "cannot parse path");

    /** 400s about a body that did not arrive whole. */
    private static final List<String> ABOUT_TRANSFER = List.of("unexpected eof", "cannot read gzip", "timeout");

    private Classification() {}

    /**
     * What an answer means.
     *
     * @param server host and port, for messages
     * @param samples number of samples in the request
     * @param now time of the device
     */
    static Answer of(Reply reply, String server, int samples, Instant now) {
        int status = reply.status();
        if (status == 204) {
            return new Accepted();
        }
        if (status >= 200 && status < 300) {
            return success(reply, server, samples);
        }
        if (status >= 300 && status < 400) {
            return new Intercepted(server + " redirects to " + target(reply.location())
                    + ": a captive portal, an exhausted SIM, or a url that has moved");
        }
        if (status == 511) {
            return new Intercepted(server + " answers 511: the network wants a login");
        }
        if (status == 400 || status == 413 || status == 422) {
            return disliked(reply, server);
        }
        String advice =
                switch (status) {
                    case 401, 403 -> "check token.file";
                    case 404, 405 -> "check the path of url";
                    case 407 -> "the proxy wants a login";
                    case 408, 429 -> "the server has too much to do";
                    default ->
                        status >= 500
                                ? "the server, or the proxy before it, has trouble"
                                : "check url, and what stands before the server";
                };
        return new Retry(
                "http_" + status,
                server + " answers " + status + said(reply) + ": " + advice,
                RetryAfter.parse(reply.retryAfter(), reply.date(), now));
    }

    /**
     * What an exception means.
     *
     * @param server host and port, for messages
     */
    static Failure of(IOException exception, String server) {
        if (exception instanceof ExposedSecretException) {
            return new Retry("exposed_secret", String.valueOf(exception.getMessage()));
        }
        if (exception instanceof TokenFileException) {
            return new Retry("token_file", String.valueOf(exception.getMessage()));
        }
        if (exception instanceof TlsFileException) {
            return new Retry("tls_file", String.valueOf(exception.getMessage()));
        }
        if (exception instanceof ProxyException) {
            return new Retry("proxy", String.valueOf(exception.getMessage()));
        }
        if (exception instanceof DeadlineException || exception instanceof SocketTimeoutException) {
            return new Retry(
                    Answer.TIMEOUT, server + " does not answer in time: is it reachable, is the network slow?");
        }
        if (exception instanceof UnknownHostException) {
            return new Retry("unknown_host", "the name of " + server + " is not known: check the network, DNS and url");
        }
        if (exception instanceof NoRouteToHostException) {
            return new Retry("no_route", "no route to " + server + ": check the network");
        }
        if (exception instanceof ConnectException) {
            return new Retry(
                    "connect",
                    "no connection to " + server + " (" + quoted(exception.getMessage())
                            + "): is VictoriaMetrics running there?");
        }
        if (exception instanceof SSLException) {
            return new Retry(
                    "tls",
                    "no secure connection to " + server + " (" + quoted(exception.getMessage())
                            + "): check its certificate and the clock");
        }
        return new Retry(
                "network",
                "the connection to " + server + " broke ("
                        + exception.getClass().getSimpleName() + ": " + quoted(exception.getMessage()) + ")");
    }

    /** Foreign text for a message: one line, cut. */
    static String quoted(@Nullable String text) {
        String line = String.valueOf(text).strip().replaceAll("[\\p{Cntrl}\\p{Co}\\p{Cn}\\s]+", " ");
        return "'" + (line.length() > QUOTED ? line.substring(0, QUOTED) + "…" : line) + "'";
    }

    private static Answer success(Reply reply, String server, int samples) {
        String text = reply.text().strip();
        if (reply.status() == 200 && text.isEmpty()) {
            return new Accepted();
        }
        Matcher accepted = ACCEPTED.matcher(text);
        if (reply.status() == 200 && accepted.matches()) {
            int count = Integer.parseInt(accepted.group(1));
            return count >= samples ? new Accepted() : new Partial(count);
        }
        return new Intercepted(server + " answers " + reply.status() + " with "
                + (isHtml(reply) ? "a web page" : text.isEmpty() ? "nothing" : quoted(text))
                + ": not VictoriaMetrics, but a captive portal, an exhausted SIM, or a wrong url");
    }

    private static Failure disliked(Reply reply, String server) {
        String said = server + " answers " + reply.status() + said(reply);
        if (reply.status() == 400) {
            String text = reply.text().toLowerCase(Locale.ROOT);
            if (isHtml(reply)) {
                return new Intercepted(said + ": not VictoriaMetrics, check url and what stands before the server");
            }
            if (ABOUT_TOKEN.stream().anyMatch(text::contains)) {
                return new Retry("http_400_token", said + ": check token.file");
            }
            if (ABOUT_PATH.stream().anyMatch(text::contains)) {
                return new Retry("http_400_path", said + ": check the path of url");
            }
            if (ABOUT_TRANSFER.stream().anyMatch(text::contains)) {
                return new Retry("http_400_transfer", said + ": the request did not arrive whole");
            }
        }
        return new Refused(said + ": the server refuses these samples, they stay pending");
    }

    private static String said(Reply reply) {
        if (isHtml(reply) || reply.text().isBlank()) {
            return "";
        }
        return " " + quoted(PREAMBLE.matcher(reply.text()).replaceFirst(""));
    }

    private static boolean isHtml(Reply reply) {
        return Optional.ofNullable(reply.contentType())
                        .filter(type -> type.toLowerCase(Locale.ROOT).contains("html"))
                        .isPresent()
                || reply.text().stripLeading().startsWith("<");
    }

    /** Scheme, host and path are enough to recognise a portal; what follows may be a session. */
    private static String target(@Nullable String location) {
        return location == null
                ? "nowhere"
                : quoted(location.replaceFirst("[?#].*", "").replaceFirst("//.*@", "//"));
    }
}
