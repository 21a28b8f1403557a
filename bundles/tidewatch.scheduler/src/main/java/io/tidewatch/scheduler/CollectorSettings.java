package io.tidewatch.scheduler;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.api.store.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * @param interval from the start of one pass to the start of the next; 1 ms to 30 days
 * @param timeout how long a pass may collect, and then wait for a store; 1 ms to 30 days
 */
record CollectorSettings(Duration interval, Duration timeout, Priority priority, boolean enabled) {
    static final CollectorSettings DEFAULT =
            new CollectorSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), Priority.NORMAL, true);

    /**
     * Reads service properties: a plain key, from the .cfg, overrides the collector's own {@code collector.} property. A
     * value that cannot be used is reported and the next source asked: own property, then default.
     */
    static CollectorSettings read(Map<String, Object> properties, SettingReader reader) {
        return new CollectorSettings(
                read(properties, "interval", DEFAULT.interval, CollectorSettings::boundedDuration, reader),
                read(properties, "timeout", DEFAULT.timeout, CollectorSettings::boundedDuration, reader),
                read(properties, "priority", DEFAULT.priority, (k, v) -> Setting.oneOf(k, v, Priority.class), reader),
                read(properties, "enabled", DEFAULT.enabled, Setting::bool, reader));
    }

    private static <T> T read(
            Map<String, Object> properties,
            String key,
            T fallback,
            SettingReader.Parser<T> parser,
            SettingReader reader) {
        for (String source : List.of(key, "collector." + key)) {
            Object value = properties.get(source);
            Optional<T> read = value == null
                    ? Optional.empty()
                    : reader.read(source, textOf(value), (k, v) -> Optional.of(parser.parse(k, v)), Optional.empty());
            if (read.isPresent()) {
                return read.get();
            }
        }
        return fallback;
    }

    /** Foreign objects are not asked for their text: only what a .cfg or an annotation can hold. */
    private static String textOf(Object value) {
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        return plain ? value.toString() : value.getClass().getName();
    }

    private static Duration boundedDuration(String key, String value) {
        // Longer ones are typing errors.
        return Setting.duration(key, value, "1ms", "30d");
    }

    /** Validates the keys that all files of collectors have: {@code tidewatch.collector.<name>.cfg}. */
    public static final class Check implements ConfigurationCheck {
        @Override
        public boolean concerns(String pid) {
            return pid.startsWith("tidewatch.collector.");
        }

        @Override
        public Set<String> keys() {
            return Set.of("interval", "timeout", "priority", "enabled");
        }

        @Override
        public void check(WrittenSettings written, List<InvalidSettingException> problems) {
            read(new HashMap<>(written.values()), new SettingReader(problems));
        }
    }
}
