package io.tidewatch.collector.exec;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.PageSettings;
import io.tidewatch.process.Command;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * @param name of the metric, for {@link OutputFormat#VALUE}
 * @param kind of the metrics, but for those of a page
 * @param values what of a document is wanted, for {@link OutputFormat#JSON}
 * @param page which samples are kept, and how long the output may be
 */
record ExecSettings(
        Command command, OutputFormat format, String name, Kind kind, List<JsonValue> values, PageSettings page) {
    static final String FOLDER = "/";
    static final String MAX_BYTES = "1MiB";

    /** The output is held in memory. */
    private static final PageSettings.Length LENGTH = new PageSettings.Length("1KiB", MAX_BYTES, "4MiB");

    private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    /** A variable may be a secret. */
    private static final String HIDDEN = "…";

    enum OutputFormat {
        PROMETHEUS,
        VALUE,
        JSON
    }

    private enum ForeignKind {
        GAUGE,
        COUNTER
    }

    static ExecSettings read(ExecCollector.Config config, SettingReader reader) {
        Command command = new Command(
                reader.read("command", config.command(), ExecSettings::command, List.of()),
                reader.read(
                        "environment", config.environment(), ExecSettings::environment, Collections.emptySortedMap()),
                reader.read(
                        "folder",
                        config.folder(),
                        (key, value) -> Setting.absolutePath(key, value, "a folder"),
                        Path.of(FOLDER)),
                "install it, or correct command");
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
                PageSettings.read(
                        reader,
                        config.include(),
                        config.exclude(),
                        config.labels(),
                        config.max_series(),
                        config.max_bytes(),
                        LENGTH,
                        false));
    }

    private static List<String> command(String key, String value) {
        List<String> words = Words.split(key, value);
        String program = words.isEmpty() ? "" : words.get(0);
        try {
            Setting.absolutePath(key, program, "a program");
        } catch (InvalidSettingException e) {
            throw new InvalidSettingException(
                    key, value, e.accepted() + ", and its arguments, as in /usr/local/bin/modems --all");
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
            if (!VARIABLE.matcher(name).matches() || variables.put(name, pair.substring(equals + 1)) != null) {
                throw new InvalidSettingException(
                        key,
                        HIDDEN,
                        "NAME=value pairs separated by blanks, each name once; word " + (variables.size() + 1)
                                + " is none, or its name stands twice");
            }
        }
        return variables;
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
}
