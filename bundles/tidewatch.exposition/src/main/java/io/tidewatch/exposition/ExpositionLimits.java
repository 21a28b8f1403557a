package io.tidewatch.exposition;

/**
 * Bounds of what one page may take.
 *
 * @param pageBytes length of a page; the rest is not read
 * @param lineBytes length of a line; a longer one is malformed, and is never in memory as a whole
 * @param labels labels of one series
 * @param families metric families whose type and help are kept
 */
public record ExpositionLimits(long pageBytes, int lineBytes, int labels, int families) {
    /** Pages of 16 MiB, lines of 64 KiB, 64 labels, 5,000 families. */
    public static final ExpositionLimits DEFAULT = new ExpositionLimits(16L << 20, 64 << 10, 64, 5_000);

    /** The same with another length of a page. */
    public ExpositionLimits withPageBytes(long bytes) {
        return new ExpositionLimits(bytes, lineBytes, labels, families);
    }
}
