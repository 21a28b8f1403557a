package io.tidewatch.config;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration of the log. The logging library does not validate: a format that it does not know
 * silences it. So its own configuration, {@code lib/logging/*.xml}, reads the values as system properties, which have
 * what is in force only.
 */
public final class LogSettings implements ConfigurationCheck {
    static final String PID = "org.ops4j.pax.logging";

    static final String PROPERTY = "tidewatch.log.";

    private static final List<String> FORMATS = List.of("console", "json");
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private static final String FORMAT = "format";
    private static final List<String> KEYS =
            List.of(FORMAT, "level", "level.others", "limit.message", "limit.all", "debug.logger");

    /** Hands values to the logging library, if they are for it; what is not among them has its default again. */
    static void publish(String pid, Map<String, String> values) {
        if (!pid.equals(PID)) {
            return;
        }
        for (String key : KEYS) {
            String value = values.getOrDefault(key, "").strip();
            if (value.isEmpty()) {
                System.clearProperty(PROPERTY + key);
            } else {
                System.setProperty(PROPERTY + key, key.equals(FORMAT) ? value.toLowerCase(Locale.ROOT) : value);
            }
        }
    }

    @Override
    public boolean concerns(String pid) {
        return pid.equals(PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        SettingReader reader = new SettingReader(problems);
        Map<String, String> values = written.values();
        oneOf(reader, values, FORMAT, FORMATS);
        List.of("level", "level.others").forEach(key -> oneOf(reader, values, key, LEVELS));
        for (String key : List.of("limit.message", "limit.all")) {
            String limit = values.getOrDefault(key, "1");
            reader.read(key, limit, (name, value) -> Setting.integer(name, value, 1, 1_000_000), 1);
        }
    }

    private static void oneOf(SettingReader reader, Map<String, String> values, String key, List<String> accepted) {
        reader.read(
                key,
                values.getOrDefault(key, accepted.get(0)),
                (name, value) -> {
                    String wanted = value.strip();
                    if (accepted.stream().noneMatch(wanted::equalsIgnoreCase)) {
                        throw new InvalidSettingException(name, value, String.join(", ", accepted));
                    }
                    return wanted;
                },
                "");
    }
}
