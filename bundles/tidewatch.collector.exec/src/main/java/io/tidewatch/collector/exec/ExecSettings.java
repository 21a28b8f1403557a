package io.tidewatch.collector.exec;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.PageSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is run, and what its output is.
 *
 * @param command what is run
 * @param format what it prints
 * @param name of the metric, for {@link OutputFormat#VALUE}
 * @param kind of the metrics, but for those of a page
 * @param values what of a document is wanted, for {@link OutputFormat#JSON}
 * @param page which samples are kept, and how long the output may be
 */
record ExecSettings(
        Command command, OutputFormat format, String name, Kind kind, List<JsonValue> values, PageSettings page) {
    static final String FOLDER = "/";
    static final String MAX_SERIES = "2000";
    static final String MAX_BYTES = "1MiB";

    /** A pass has 10,000 samples, with those about the run. */
    private static final int MOST_SERIES = 9_000;

    private static final long SMALLEST_OUTPUT = 1L << 10;
    private static final long LARGEST_OUTPUT = 4L << 20;
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    /** A variable may be a secret. */
    private static final String HIDDEN = "…";

    private enum ForeignKind {
        GAUGE,
        COUNTER
    }

    ExecSettings {
        values = List.copyOf(values);
    }

    /** Reads the configuration; the defaults stand in for what is wrong. */
    static ExecSettings read(ExecCollector.Config config, SettingReader reader) {
        Command command = new Command(
                reader.read("command", config.command(), ExecSettings::command, List.of()),
                reader.read(
                        "environment", config.environment(), ExecSettings::environment, Collections.emptySortedMap()),
                reader.read("folder", config.folder(), ExecSettings::folder, Path.of(FOLDER)));
        OutputFormat format = reader.read(
                "format",
                config.format(),
                (key, value) -> Setting.oneOf(key, value, OutputFormat.class),
                OutputFormat.PROMETHEUS);
        String name = reader.read("name", config.name(), (key, value) -> name(key, value, format), "");
        ForeignKind kind = reader.read(
                "kind", config.kind(), (key, value) -> Setting.oneOf(key, value, ForeignKind.class), ForeignKind.GAUGE);
        List<JsonValue> values =
                reader.read("values", config.values(), (key, value) -> values(key, value, format), List.of());
        return new ExecSettings(
                command,
                format,
                name,
                kind == ForeignKind.COUNTER ? Kind.COUNTER : Kind.GAUGE,
                values,
                page(config, reader));
    }

    private static PageSettings page(ExecCollector.Config config, SettingReader reader) {
        PageSettings otherwise = PageSettings.DEFAULT;
        SortedMap<String, String> labels =
                reader.read("labels", config.labels(), ExecSettings::labels, otherwise.labels());
        NamePatterns include = reader.read(
                "include",
                config.include(),
                NamePatterns::parse,
                otherwise.names().include());
        NamePatterns exclude = reader.read(
                "exclude",
                config.exclude(),
                NamePatterns::parse,
                otherwise.names().exclude());
        int maxSeries = reader.read(
                "max.series",
                config.max_series(),
                (key, value) -> Setting.integer(key, value, 1, MOST_SERIES),
                Integer.valueOf(MAX_SERIES));
        long maxBytes = reader.read(
                "max.bytes", config.max_bytes(), ExecSettings::length, Setting.size("max.bytes", MAX_BYTES));
        return new PageSettings(new NameFilter(include, exclude), labels, maxSeries, maxBytes, false);
    }

    private static List<String> command(String key, String value) {
        List<String> words = Words.split(key, value);
        if (words.isEmpty() || absolute(words.get(0)).isEmpty()) {
            throw new InvalidSettingException(
                    key, value, "the absolute path of a program, and its arguments, as in /usr/local/bin/modems --all");
        }
        return words;
    }

    private static SortedMap<String, String> environment(String key, String value) {
        SortedMap<String, String> variables = new TreeMap<>();
        List<String> pairs;
        try {
            pairs = Words.split(key, value);
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(key, HIDDEN, e.accepted());
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(0, equals));
            if (!LABEL.matcher(name).matches() || variables.put(name, pair.substring(equals + 1)) != null) {
                throw new InvalidSettingException(
                        key,
                        HIDDEN,
                        "NAME=value pairs separated by blanks, each name once; word " + (variables.size() + 1)
                                + " is none, or its name stands twice");
            }
        }
        return variables;
    }

    private static Path folder(String key, String value) {
        return absolute(value.strip())
                .orElseThrow(() -> new InvalidSettingException(key, value, "the absolute path of a folder"));
    }

    /** Returns the path, if it is an absolute one that the locale of this process can name. */
    private static Optional<Path> absolute(String written) {
        try {
            return Optional.of(Path.of(written)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String name(String key, String value, OutputFormat format) {
        String name = value.strip();
        if (format == OutputFormat.VALUE ? !METRIC.matcher(name).matches() : !name.isEmpty()) {
            throw new InvalidSettingException(
                    key,
                    value,
                    format == OutputFormat.VALUE
                            ? "the name of the metric, of letters, digits, _ and :, with format = value"
                            : "no name, unless format = value");
        }
        return name;
    }

    private static List<JsonValue> values(String key, String value, OutputFormat format) {
        List<JsonValue> values = JsonValueParser.parse(key, value);
        if (values.isEmpty() == (format == OutputFormat.JSON)) {
            throw new InvalidSettingException(
                    key,
                    value,
                    format == OutputFormat.JSON
                            ? "path : name pairs separated by commas, with format = json"
                            : "nothing, unless format = json");
        }
        return values;
    }

    private static SortedMap<String, String> labels(String key, String value) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String pair : value.isBlank() ? new String[0] : value.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(0, equals)).strip();
            String text = pair.substring(equals + 1).strip();
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

    private static long length(String key, String value) {
        long bytes = Setting.size(key, value);
        if (bytes < SMALLEST_OUTPUT || bytes > LARGEST_OUTPUT) {
            throw new InvalidSettingException(key, value, "a size from 1KiB to 4MiB");
        }
        return bytes;
    }
}
