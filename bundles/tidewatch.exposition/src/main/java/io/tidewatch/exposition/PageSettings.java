package io.tidewatch.exposition;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a page becomes samples.
 *
 * @param names which names of metrics; the others are not even counted
 * @param labels labels that every series gets unless the page gives it one of that name
 * @param maxSeries series at most, and as many samples with timestamps; further ones are dropped and counted
 * @param maxBytes bytes of a page at most; the rest is not read
 * @param timestamps whether samples keep the timestamps of the page
 */
public record PageSettings(
        NameFilter names, SortedMap<String, String> labels, int maxSeries, long maxBytes, boolean timestamps) {
    /** Everything, 2,000 series, 16 MiB, without timestamps. */
    public static final PageSettings DEFAULT = new PageSettings(
            new NameFilter(NamePatterns.parse("include", ""), NamePatterns.parse("exclude", "")),
            Collections.emptySortedMap(),
            2_000,
            16L << 20,
            false);

    public PageSettings {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
