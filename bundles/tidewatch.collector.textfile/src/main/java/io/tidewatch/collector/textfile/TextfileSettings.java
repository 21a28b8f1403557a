package io.tidewatch.collector.textfile;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.PageSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which files are read, and what of them becomes samples.
 *
 * @param folder where they are; empty if none is configured
 * @param page what of a file becomes samples
 * @param staleAfter age from which the samples of a file are left out; zero for never
 */
record TextfileSettings(Optional<Path> folder, PageSettings page, Duration staleAfter) {
    /** The files' own series fit into the 10,000 samples of a pass besides. */
    private static final int MOST_SERIES = 9_000;

    private static final long LONGEST_FILE = 1L << 30;
    private static final int MOST_LABELS = 20;
    private static final int LONGEST_VALUE = 256;

    /** Names of Prometheus without those that begin with two underscores, which are its own. */
    private static final Pattern LABEL = Pattern.compile("(?!__)[a-zA-Z_][a-zA-Z0-9_]{0,63}");

    private static final String DEVICE_ID = "device_id";

    /** Reads the configuration; the defaults stand in for what is wrong. */
    static TextfileSettings read(TextfileCollector.Config config, SettingReader reader) {
        Optional<Path> folder = reader.read("folder", config.folder(), TextfileSettings::folder, Optional.empty());
        PageSettings fallback = PageSettings.DEFAULT;
        PageSettings page = new PageSettings(
                new NameFilter(
                        reader.read(
                                "include",
                                config.include(),
                                NamePatterns::parse,
                                fallback.names().include()),
                        reader.read(
                                "exclude",
                                config.exclude(),
                                NamePatterns::parse,
                                fallback.names().exclude())),
                reader.read("labels", config.labels(), TextfileSettings::labels, fallback.labels()),
                reader.read(
                        "max.series",
                        config.max_series(),
                        (key, value) -> Setting.integer(key, value, 1, MOST_SERIES),
                        fallback.maxSeries()),
                reader.read("max.bytes", config.max_bytes(), TextfileSettings::fileSize, fallback.maxBytes()),
                reader.read("timestamps", config.timestamps(), Setting::bool, true));
        Duration staleAfter = reader.read("stale.after", config.stale_after(), Setting::durationOrZero, Duration.ZERO);
        return new TextfileSettings(folder, page, staleAfter);
    }

    private static Optional<Path> folder(String key, String value) {
        InvalidSettingException refused =
                new InvalidSettingException(key, value, "the absolute path of a folder with *.prom files");
        try {
            Path folder = Path.of(value.strip());
            if (folder.isAbsolute()) {
                return Optional.of(folder);
            }
        } catch (InvalidPathException e) {
            refused.initCause(e);
        }
        throw refused;
    }

    private static long fileSize(String key, String value) {
        long size = Setting.size(key, value);
        if (size < 1 || size > LONGEST_FILE) {
            throw new InvalidSettingException(key, value, "a size from 1B to 1GiB");
        }
        return size;
    }

    private static SortedMap<String, String> labels(String key, String text) {
        SortedMap<String, String> labels = new TreeMap<>();
        if (text.isBlank()) {
            return labels;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new InvalidSettingException(
                        key, text, "name=value pairs separated by commas, as in job=backup,site=studio");
            }
            String name = pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (!LABEL.matcher(name).matches() || name.equals(DEVICE_ID)) {
                throw new InvalidSettingException(
                        key,
                        text,
                        "label names of letters, digits and _ that begin with neither a digit nor __, " + DEVICE_ID
                                + " excepted; found '" + name + "'");
            }
            if (value.isEmpty()
                    || value.length() > LONGEST_VALUE
                    || value.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidSettingException(
                        key, text, "label values of 1 to " + LONGEST_VALUE + " characters; see '" + name + "'");
            }
            if (labels.put(name, value) != null) {
                throw new InvalidSettingException(key, text, "every label once; '" + name + "' is there twice");
            }
        }
        if (labels.size() > MOST_LABELS) {
            throw new InvalidSettingException(key, text, "at most " + MOST_LABELS + " labels");
        }
        return Collections.unmodifiableSortedMap(labels);
    }
}
