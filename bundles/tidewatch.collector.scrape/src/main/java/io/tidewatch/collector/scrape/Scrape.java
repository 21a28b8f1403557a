package io.tidewatch.collector.scrape;

import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSamples;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One request for a page and what came of it. */
final class Scrape {
    private static final String USER_AGENT = "tidewatch";

    private final ScrapeTarget target;
    private final ScrapeSettings settings;

    Scrape(ScrapeTarget target, ScrapeSettings settings) {
        this.target = target;
        this.settings = settings;
    }

    /**
     * Reads the page; what was read of it before a failure stays.
     *
     * @throws InterruptedScrapeException if the thread was interrupted
     * @throws IOException if it could not be read as a whole
     */
    void read(PageSamples samples, Deadline deadline) throws IOException {
        byte[] request = request();
        try (Wire wire = Wire.connect(target, factory(), deadline)) {
            wire.send(request);
            HttpAnswer answer = HttpAnswer.read(wire.input());
            int status = answer.status();
            if (status >= 300 && status < 400) {
                throw new IOException("the answer is " + status + ", a redirect to '" + shown(answer.header("location"))
                        + "', which is not followed: set url to where the page is");
            }
            if (status != 200) {
                throw new IOException("the answer is " + status
                        + (status == 401 || status == 403 ? ": set token.file, or check what is in it" : ""));
            }
            samples.read(
                    "page", answer.body(), ExpositionFormat.of(answer.header("content-type")), answer.isDelimited());
        }
    }

    private byte[] request() throws IOException {
        String authorization = settings.tokenFile().isPresent()
                ? "Authorization: Bearer "
                        + Credentials.token(settings.tokenFile().get()) + "\r\n"
                : "";
        return ("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: " + USER_AGENT
                        + "\r\nAccept: " + ExpositionFormat.ACCEPT + "\r\nConnection: close\r\n" + authorization
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Makes TLS of a connection; null without TLS, which would cost 300 classes. */
    private @Nullable SSLSocketFactory factory() throws IOException {
        if (!target.tls()) {
            return null;
        }
        return settings.caFile().isPresent()
                ? Credentials.trusting(settings.caFile().get())
                : (SSLSocketFactory) SSLSocketFactory.getDefault();
    }

    /** Returns a sentence for an operator. */
    String explain(IOException failure) {
        String reason = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String advice = "";
        if (failure instanceof ConnectException || failure instanceof SocketException) {
            advice = "; check that the program runs and listens there";
        } else if (failure instanceof SocketTimeoutException) {
            advice = "; raise timeout, or scrape less often";
        } else if (failure instanceof SSLException) {
            advice = "; set ca.file to the certificates that sign the server's";
        }
        return target.url() + " cannot be scraped: " + reason + advice;
    }

    private static String shown(String text) {
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
