package io.tidewatch.store.sqlite.export;

import java.util.SortedMap;

/**
 * What an export did. Every sample of the range was either written or is counted with the reason why not.
 *
 * @param series series that they belong to
 * @param ahead samples among those written that a server drops until their time has nearly come
 * @param leftOut samples left out, by reason
 */
public record ExportReport(
        long samples, int series, long lines, long bytes, long ahead, SortedMap<String, Long> leftOut) {
    /** The reason of texts: the importer takes numbers only. */
    public static final String TEXT = "text";
}
