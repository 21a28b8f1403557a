package io.tidewatch.exposition;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

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

    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final int MOST_SERIES = 9_000;
    private static final long LARGEST_PAGE = 256L << 20;

    /** Reads the keys {@code include}, {@code exclude}, {@code labels}, {@code max.series} and {@code max.bytes}. */
    public static PageSettings read(
            SettingReader reader,
            String include,
            String exclude,
            String labels,
            String maxSeries,
            String maxBytes,
            boolean timestamps) {
        NameFilter names = new NameFilter(
                reader.read(
                        "include", include, NamePatterns::parse, DEFAULT.names().include()),
                reader.read(
                        "exclude", exclude, NamePatterns::parse, DEFAULT.names().exclude()));
        return new PageSettings(
                names,
                reader.read("labels", labels, PageSettings::labels, Collections.emptySortedMap()),
                reader.read(
                        "max.series",
                        maxSeries,
                        (key, value) -> Setting.integer(key, value, 1, MOST_SERIES),
                        DEFAULT.maxSeries()),
                reader.read("max.bytes", maxBytes, PageSettings::pageBytes, DEFAULT.maxBytes()),
                timestamps);
    }

    private static long pageBytes(String key, String value) {
        long bytes = Setting.size(key, value);
        if (bytes < 1 || bytes > LARGEST_PAGE) {
            throw new InvalidSettingException(key, value, "a size from 1B to 256MiB");
        }
        return bytes;
    }

    private static SortedMap<String, String> labels(String key, String value) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String pair : value.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(0, equals)).strip();
            String text = pair.substring(equals + 1).strip();
            if (value.isBlank()) {
                break;
            }
            if (text.isEmpty()
                    || name.equals("device_id")
                    || !LABEL.matcher(name).matches()
                    || labels.put(name, text) != null) {
                throw new InvalidSettingException(
                        key,
                        value,
                        "name=value pairs separated by commas, each name once and of letters, digits and _, none of them"
                                + " device_id");
            }
        }
        return labels;
    }

    public PageSettings {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }
}
