package io.tidewatch.exposition;

import java.util.Locale;

/** The two formats, which differ in the unit of timestamps and in the last line. */
public enum ExpositionFormat {
    /** Prometheus text format 0.0.4: timestamps in milliseconds. */
    TEXT,
    /** OpenMetrics 1.0: timestamps in seconds, and a page ends in {@code # EOF}. */
    OPENMETRICS;

    /** The value of an HTTP request's {@code Accept} header: OpenMetrics before the text format. */
    public static final String ACCEPT =
            "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.8,*/*;q=0.1";

    /** Returns the format that a {@code Content-Type} header names; {@link #TEXT} unless that is OpenMetrics. */
    public static ExpositionFormat of(String contentType) {
        return contentType.strip().toLowerCase(Locale.ROOT).startsWith("application/openmetrics-text")
                ? OPENMETRICS
                : TEXT;
    }
}
