package io.tidewatch.scheduler;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.store.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * How one collector is run.
 *
 * @param interval from the start of one pass to the start of the next; 1 ms to 30 days
 * @param timeout how long a pass may collect, and then wait for a store; 1 ms to 30 days
 * @param priority priority of its series
 * @param enabled false: not run at all
 */
record CollectorSettings(Duration interval, Duration timeout, Priority priority, boolean enabled) {
    /** Longer ones are typing errors, and must not overflow arithmetic in nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(30);

    /** The keys that every collector has. */
    static final Set<String> KEYS = Set.of("interval", "timeout", "priority", "enabled");

    private static final String PREFIX = "collector.";

    /**
     * Settings as read, with what had to be replaced by a default.
     *
     * @param settings settings that can be used
     * @param rejected values that cannot, in the order of the keys; empty if all can
     */
    record Reading(CollectorSettings settings, List<InvalidSettingException> rejected) {
        Reading {
            rejected = List.copyOf(rejected);
        }
    }

    /**
     * Reads service properties: a plain key, from the .cfg, overrides the collector's own {@code collector.} property. A
     * value that cannot be used is reported and the next source asked: own property, then default.
     */
    static Reading read(Map<String, Object> properties) {
        List<InvalidSettingException> rejected = new ArrayList<>();
        CollectorSettings settings = new CollectorSettings(
                read(properties, "interval", "30s", CollectorSettings::boundedDuration, rejected),
                read(properties, "timeout", "5s", CollectorSettings::boundedDuration, rejected),
                read(properties, "priority", "normal", (k, v) -> Setting.oneOf(k, v, Priority.class), rejected),
                read(properties, "enabled", "true", Setting::bool, rejected));
        return new Reading(settings, rejected);
    }

    private static <T> T read(
            Map<String, Object> properties,
            String key,
            String fallback,
            BiFunction<String, String, T> parser,
            List<InvalidSettingException> rejected) {
        for (String source : List.of(key, PREFIX + key)) {
            Object value = properties.get(source);
            if (value != null) {
                try {
                    return parser.apply(source, textOf(value));
                } catch (InvalidSettingException e) {
                    rejected.add(e);
                }
            }
        }
        return parser.apply(key, fallback);
    }

    /** Foreign objects are not asked for their text: only what a .cfg or an annotation can hold. */
    private static String textOf(Object value) {
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        return plain ? value.toString() : value.getClass().getName();
    }

    private static Duration boundedDuration(String key, String value) {
        Duration duration = Setting.duration(key, value);
        if (duration.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(key, value, "a duration of at most 30d");
        }
        return duration;
    }
}
