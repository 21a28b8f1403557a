package io.tidewatch.exposition;

/**
 * How a page ended.
 *
 * @param bytes bytes that were read
 * @param samples samples that were handed over
 * @param malformed lines that were left out because they do not follow the format
 * @param ending whether the page was complete
 */
public record Page(long bytes, int samples, int malformed, Ending ending) {
    /** Whether a page was complete. */
    public enum Ending {
        /** All of it was read. */
        COMPLETE,
        /** It is longer than {@link ExpositionLimits#pageBytes}; the rest was not read. */
        TOO_LONG,
        /** An OpenMetrics page without {@code # EOF}: its writer did not finish it. */
        WITHOUT_EOF
    }
}
