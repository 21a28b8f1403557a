package io.tidewatch.collector.scrape;

import io.tidewatch.api.collector.Quote;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpAnswer;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.HttpTarget;
import java.io.IOException;

/** One request for a page and what came of it. */
final class Scrape {
    private static final int LONGEST_QUOTE = 200;
    private final HttpRequest request;

    Scrape(HttpTarget target, ScrapeSettings settings) {
        request = new HttpRequest(target, ExpositionFormat.ACCEPT, "Bearer ", settings.tokenFile(), settings.caFile());
    }

    /**
     * Reads the page; what was read of it before a failure stays.
     *
     * @throws io.tidewatch.httpclient.InterruptedWireException if the thread was interrupted
     * @throws IOException if it could not be read as a whole
     */
    void read(PageSamples samples, Deadline deadline) throws IOException {
        request.send(deadline, answer -> {
            requirePage(answer);
            samples.read(
                    "page", answer.body(), ExpositionFormat.of(answer.header("content-type")), answer.isDelimited());
        });
    }

    private static void requirePage(HttpAnswer answer) throws IOException {
        int status = answer.status();
        if (status >= 300 && status < 400) {
            throw new IOException(
                    "the answer is " + status + ", a redirect to '" + Quote.of(answer.header("location"), LONGEST_QUOTE)
                            + "', which is not followed: set url to where the page is");
        }
        if (status != 200) {
            throw new IOException("the answer is " + status
                    + (status == 401 || status == 403 ? ": set token.file, or check what is in it" : ""));
        }
    }

    /** Returns a sentence for an operator. */
    String explain(IOException failure) {
        return request.target().url() + " cannot be scraped: "
                + HttpRequest.explain(failure, "raise timeout, or scrape less often");
    }
}
