package io.tidewatch.collector.scrape;

import java.io.IOException;

/** Thrown when the thread was interrupted; it still is. */
final class InterruptedScrapeException extends IOException {
    private static final long serialVersionUID = 1;
}
