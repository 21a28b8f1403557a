package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request at a time and tells what came of it. A request is sent at most once per call: it is streamed with a
 * fixed length, so the JDK cannot repeat it behind our back on a broken connection.
 *
 * <p>Limits: connect and each read have the timeout, and the whole call has it twice; after that the connection is
 * closed, whichever side was slow. Redirects are never followed, since a redirected POST becomes a GET, and a GET on the
 * import path is answered with success.
 *
 * <p>HttpURLConnection rather than java.net.http: the latter costs 17 MB of memory at its first use.
 */
final class ImportClient implements AutoCloseable {
    private static final int KEPT_OF_ANSWER = 2048;

    private final String userAgent;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor deadlines;
    private volatile @Nullable HttpURLConnection underWay;

    ImportClient(String version, Clock clock) {
        this.userAgent = "tidewatch/" + version;
        this.clock = clock;
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tidewatch-uploader-deadline");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /**
     * Where a request goes and how.
     *
     * @param url import URL
     * @param authorization credentials
     * @param headers further headers
     * @param timeout see the class
     */
    record Target(URI url, Authorization authorization, Map<String, String> headers, Duration timeout) {}

    /**
     * Posts a chunk and waits for the answer. Never throws for what server or network do: that is the answer.
     *
     * @param deviceId value of the header {@code X-Device-ID}
     */
    Answer post(Chunk chunk, String deviceId, Target target) {
        HttpURLConnection connection;
        try {
            connection = open(chunk, deviceId, target);
        } catch (IOException | IllegalArgumentException e) {
            return Answer.none(String.valueOf(e.getMessage()));
        }
        underWay = connection;
        AtomicBoolean expired = new AtomicBoolean();
        long limit = target.timeout().multipliedBy(2).toMillis();
        ScheduledFuture<?> deadline;
        try {
            deadline = deadlines.schedule(
                    () -> {
                        expired.set(true);
                        connection.disconnect();
                    },
                    limit,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return Answer.none("The uploader stops");
        }
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(chunk.body(), 0, chunk.length());
            }
            return read(connection, chunk.samples(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit));
        } catch (IOException | RuntimeException e) {
            // A RuntimeException is what HttpURLConnection throws when the deadline took its connection away.
            connection.disconnect();
            return Answer.none(expired.get() ? "No whole answer within " + limit / 1000 + " s" : explain(e, target));
        } finally {
            deadline.cancel(false);
            underWay = null;
        }
    }

    /** Breaks off a request that is under way, from any thread; later ones fail at once. */
    @Override
    public void close() {
        deadlines.shutdown();
        HttpURLConnection connection = underWay;
        if (connection != null) {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(Chunk chunk, String deviceId, Target target) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) target.url().toURL().openConnection();
        int timeout = (int) Math.min(target.timeout().toMillis(), Integer.MAX_VALUE);
        connection.setConnectTimeout(timeout);
        connection.setReadTimeout(timeout);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setFixedLengthStreamingMode(chunk.length());
        target.headers().forEach(connection::setRequestProperty);
        connection.setRequestProperty("Accept", "*/*");
        connection.setRequestProperty("Content-Type", "application/x-ndjson");
        connection.setRequestProperty("Content-Encoding", "gzip");
        connection.setRequestProperty("User-Agent", userAgent);
        connection.setRequestProperty("X-Device-ID", deviceId);
        target.authorization().header().ifPresent(value -> connection.setRequestProperty("Authorization", value));
        return connection;
    }

    private Answer read(HttpURLConnection connection, int samples, long deadlineNanos) throws IOException {
        int status = connection.getResponseCode();
        if (status < 0) {
            throw new IOException("The answer is no HTTP");
        }
        byte[] kept = new byte[KEPT_OF_ANSWER];
        int length = 0;
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (body != null) {
                while (length < kept.length) {
                    int count = body.read(kept, length, kept.length - length);
                    if (count < 0) {
                        break;
                    }
                    length += count;
                    if (System.nanoTime() - deadlineNanos > 0) {
                        throw new SocketTimeoutException("The answer took too long");
                    }
                }
                if (length == kept.length) {
                    // More than any answer of the server has: not worth reading on for the sake of the connection.
                    connection.disconnect();
                }
            }
        }
        return Answer.of(
                status,
                kept,
                length,
                samples,
                connection.getHeaderField("Retry-After"),
                connection.getHeaderField("Location"),
                clock);
    }

    private static String explain(Exception e, Target target) {
        String server = target.url().getHost()
                + (target.url().getPort() < 0 ? "" : ":" + target.url().getPort());
        if (e instanceof ConnectException) {
            return "Nothing listens at " + server + "; is VictoriaMetrics running there?";
        }
        if (e instanceof UnknownHostException) {
            return "The name of " + server + " cannot be resolved; check the network, or url";
        }
        if (e instanceof NoRouteToHostException) {
            return "There is no route to " + server + "; check the network";
        }
        if (e instanceof SocketTimeoutException) {
            return server + " did not answer in time";
        }
        if (e instanceof SSLException) {
            return "No secure connection to " + server + ": " + e.getMessage();
        }
        return "The connection to " + server + " broke: " + e.getMessage();
    }
}
