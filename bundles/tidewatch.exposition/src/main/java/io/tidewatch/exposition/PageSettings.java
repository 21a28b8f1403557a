package io.tidewatch.exposition;

import io.tidewatch.api.config.Labels;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import java.util.Collections;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * What of a page becomes samples.
 *
 * @param names which names of metrics; the others are not even counted
 * @param labels labels that every series gets unless the page gives it one of that name
 * @param maxSeries series at most, and as many samples with timestamps; further ones are dropped and counted
 * @param maxBytes bytes of a page at most; the rest is not read
 */
public record PageSettings(
        NameFilter names, SortedMap<String, String> labels, int maxSeries, long maxBytes, boolean timestamps) {
    public static final String MAX_SERIES = "2000";

    /** Default of the key {@code max.bytes} for pages that are not held in memory. */
    public static final String MAX_BYTES = "16MiB";

    /** Everything, 2,000 series, 16 MiB, without timestamps. */
    public static final PageSettings DEFAULT = new PageSettings(
            new NameFilter(NamePatterns.parse("include", ""), NamePatterns.parse("exclude", "")),
            Collections.emptySortedMap(),
            Integer.parseInt(MAX_SERIES),
            16L << 20,
            false);

    /** Names of Prometheus without those that begin with two underscores, which are its own. */
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,63}");

    /** A pass has 10,000 samples, with those about the source. */
    private static final int MOST_SERIES = 9_000;

    /**
     * Bounds of the key {@code max.bytes}, as an operator writes sizes; the default stands in for what is not
     * accepted.
     */
    public record Length(String smallest, String byDefault, String largest) {
        /** Of pages that are read line by line. */
        public static final Length OF_PAGE = new Length("1B", MAX_BYTES, "256MiB");
    }

    /** Reads the keys {@code include}, {@code exclude}, {@code labels}, {@code max.series} and {@code max.bytes}. */
    public static PageSettings read(
            SettingReader reader,
            String include,
            String exclude,
            String labels,
            String maxSeries,
            String maxBytes,
            Length length,
            boolean timestamps) {
        return new PageSettings(
                NameFilter.read(reader, include, exclude, DEFAULT.names()),
                reader.read("labels", labels, PageSettings::labels, DEFAULT.labels()),
                reader.read(
                        "max.series",
                        maxSeries,
                        (key, value) -> Setting.integer(key, value, 1, MOST_SERIES),
                        DEFAULT.maxSeries()),
                reader.read(
                        "max.bytes",
                        maxBytes,
                        (key, value) -> Setting.size(key, value, length.smallest(), length.largest()),
                        Setting.size("max.bytes", length.byDefault())),
                timestamps);
    }

    private static SortedMap<String, String> labels(String key, String value) {
        return Labels.parse(key, value, LABEL, "letters, digits and _ that begin with neither a digit nor __");
    }
}
