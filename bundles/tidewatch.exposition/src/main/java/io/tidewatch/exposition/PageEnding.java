package io.tidewatch.exposition;

/** Whether a page was complete. */
public enum PageEnding {
    COMPLETE,
    /** It is longer than {@link ExpositionLimits#pageBytes}; the rest was not read. */
    TOO_LONG,
    /** An OpenMetrics page without {@code # EOF}: its writer did not finish it. */
    WITHOUT_EOF
}
