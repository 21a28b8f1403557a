package io.tidewatch.clockskew;

import io.tidewatch.api.clock.HttpDate;
import io.tidewatch.api.clock.Skew;
import io.tidewatch.api.config.Authority;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.delivery.DeliveryTarget.Preparation;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares the local clock with the {@code Date} header of a server's answer (RFC 9110, 6.6.1).
 *
 * <p>The connection is made before the clock is read, so that neither a slow handshake nor a slow resolver counts.
 *
 * <p>One measurement at a time; {@link #abort} may come from another thread.
 */
final class ServerDate {
    /** A server has answered, but not so that its clock can be told. */
    static final class NoDateException extends IOException {
        private static final long serialVersionUID = 1;

        NoDateException(String message) {
            super(message);
        }
    }

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_IMPLEMENTED = 501;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final int timeoutMillis;
    private volatile @Nullable HttpURLConnection underWay;
    private volatile boolean aborted;

    /**
     * @param nanoTime monotonic nanoseconds
     * @param timeout for the connection, and for each read
     */
    ServerDate(Clock clock, LongSupplier nanoTime, Duration timeout) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /**
     * Asks by HEAD, and by GET if the server does not take HEAD or leaves the date out of its answer.
     *
     * <p>The way is that of the uploads if the page is on their server, with their certificates, proxy, headers and token;
     * else a direct one, which is told no secret.
     *
     * @param url the page that is asked
     * @param server the server of the uploads, or null
     * @return local time minus the server's
     * @throws NoDateException if the answer has no date of this server: a redirect or a server error may come from a
     *     proxy, an answer with an age from a cache
     * @throws IOException if there was no answer
     */
    Skew compare(URI url, @Nullable DeliveryTarget server) throws IOException {
        Answer answer = ask("HEAD", url, server);
        if (answer.status() == METHOD_NOT_ALLOWED
                || answer.status() == NOT_IMPLEMENTED
                || (answer.isOwn() && answer.date() == null)) {
            answer = ask("GET", url, server);
        }
        if (!answer.isOwn()) {
            throw new NoDateException("the server answered with status " + answer.status());
        }
        if (answer.age() != null && !answer.age().strip().equals("0")) {
            throw new NoDateException("the answer came from a cache");
        }
        if (answer.date() == null) {
            throw new NoDateException("the answer has no Date header");
        }
        Instant date = HttpDate.parse(answer.date())
                .orElseThrow(() -> new NoDateException("the answer's Date header is no date"));
        return Skew.ofServer(date, answer.sent(), answer.roundTrip());
    }

    /** Ends a measurement that is under way, and every one after. */
    void abort() {
        aborted = true;
        HttpURLConnection connection = underWay;
        if (connection != null) {
            connection.disconnect();
        }
    }

    private Answer ask(String method, URI url, @Nullable DeliveryTarget server) throws IOException {
        try {
            HttpURLConnection connection = connect(url, server, fresh -> prepare(fresh, method));
            Instant sent = clock.instant();
            long sentNanos = nanoTime.getAsLong();
            int status = connection.getResponseCode();
            Duration roundTrip = Duration.ofNanos(nanoTime.getAsLong() - sentNanos);
            return new Answer(
                    status, connection.getHeaderField("Date"), connection.getHeaderField("Age"), sent, roundTrip);
        } finally {
            HttpURLConnection last = underWay;
            underWay = null;
            if (last != null) {
                // No connection is kept for the next time, minutes away; of a GET's body nothing is read.
                last.disconnect();
            }
        }
    }

    private static HttpURLConnection connect(URI url, @Nullable DeliveryTarget server, Preparation preparation)
            throws IOException {
        if (server != null && isSameOrigin(url, server.url())) {
            String path = (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                    + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
            return server.connect(path, preparation);
        }
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestProperty("User-Agent", "tidewatch");
        preparation.prepare(connection);
        connection.connect();
        return connection;
    }

    /** Whether both URLs have one origin (RFC 6454), so that secrets of one may be sent to the other. */
    static boolean isSameOrigin(URI one, URI other) {
        return origin(one).equals(origin(other));
    }

    private static String origin(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return Authority.of(url)
                .map(authority -> scheme + "://" + authority.host().toLowerCase(Locale.ROOT) + ":"
                        + (authority.port() < 0 ? usual : authority.port()))
                .orElse("");
    }

    private void prepare(HttpURLConnection connection, String method) throws IOException {
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        connection.setRequestProperty("Cache-Control", "no-cache");
        underWay = connection;
        if (aborted) {
            throw new IOException("stopped");
        }
    }

    /**
     * An answer.
     *
     * @param status status code, or -1 if it is not HTTP
     * @param age its Age header, which only caches write (RFC 9111, 5.1)
     * @param roundTrip time from the request to the answer
     */
    private record Answer(int status, @Nullable String date, @Nullable String age, Instant sent, Duration roundTrip) {
        boolean isOwn() {
            return (status >= 200 && status < 300)
                    || (status >= 400 && status < 500 && status != PROXY_AUTHENTICATION_REQUIRED);
        }
    }
}
