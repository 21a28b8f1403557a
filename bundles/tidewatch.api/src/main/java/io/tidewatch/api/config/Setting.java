package io.tidewatch.api.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the values of settings as an operator writes them. Every method takes the key for the error's sake and throws
 * {@link InvalidSettingException}, which names the key, the value and what is accepted.
 */
public final class Setting {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)");

    private static final Pattern OTHER_UNIT = Pattern.compile("(\\d{1,12})\\s*(\\p{Alpha}*)");

    /** What people write, and what that is here. */
    private static final Map<String, String> SIZE_UNITS = Map.ofEntries(
            Map.entry("b", "B"),
            Map.entry("bytes", "B"),
            Map.entry("k", "KiB"),
            Map.entry("kb", "KiB"),
            Map.entry("kib", "KiB"),
            Map.entry("m", "MiB"),
            Map.entry("mb", "MiB"),
            Map.entry("mib", "MiB"),
            Map.entry("g", "GiB"),
            Map.entry("gb", "GiB"),
            Map.entry("gib", "GiB"));

    private static final Map<String, String> DURATION_UNITS = Map.ofEntries(
            Map.entry("", "s"),
            Map.entry("ms", "ms"),
            Map.entry("s", "s"),
            Map.entry("sec", "s"),
            Map.entry("secs", "s"),
            Map.entry("second", "s"),
            Map.entry("seconds", "s"),
            Map.entry("m", "m"),
            Map.entry("min", "m"),
            Map.entry("mins", "m"),
            Map.entry("minute", "m"),
            Map.entry("minutes", "m"),
            Map.entry("h", "h"),
            Map.entry("hour", "h"),
            Map.entry("hours", "h"),
            Map.entry("d", "d"),
            Map.entry("day", "d"),
            Map.entry("days", "d"));

    private Setting() {}

    /** A duration above zero: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 30d}. */
    public static Duration duration(String key, String value) {
        Duration duration = durationOrZero(key, value);
        if (duration.isZero()) {
            throw new InvalidSettingException(key, value, "a duration above zero such as 250ms, 30s, 5m, 1h");
        }
        return duration;
    }

    /** A duration, zero allowed ({@code 0s}). */
    public static Duration durationOrZero(String key, String value) {
        Matcher matcher = DURATION.matcher(value.strip());
        if (!matcher.matches()) {
            throw new InvalidSettingException(
                    key, value, "a duration such as 250ms, 30s, 5m, 1h" + meant(value, DURATION_UNITS));
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String meant(String value, Map<String, String> units) {
        Matcher matcher = OTHER_UNIT.matcher(value.strip());
        if (!matcher.matches() || units.containsValue(matcher.group(2))) {
            return "";
        }
        String unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
        return unit == null ? "" : "; did you mean " + matcher.group(1) + unit + "?";
    }

    /** A size in bytes: {@code 512KiB}, {@code 64MiB}, {@code 2GiB}, {@code 4096B}. */
    public static long size(String key, String value) {
        Matcher matcher = SIZE.matcher(value.strip());
        if (!matcher.matches()) {
            throw new InvalidSettingException(
                    key, value, "a size such as 512KiB, 64MiB, 2GiB" + meant(value, SIZE_UNITS));
        }
        int shift =
                switch (matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    default -> 0;
                };
        long amount = Long.parseLong(matcher.group(1));
        if (amount > Long.MAX_VALUE >> shift) {
            throw new InvalidSettingException(key, value, "a size below 8 EiB");
        }
        return amount << shift;
    }

    /** A whole number between {@code min} and {@code max}, both allowed. */
    public static int integer(String key, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message that names the range.
        }
        throw new InvalidSettingException(key, value, "a whole number from " + min + " to " + max);
    }

    /** {@code true} or {@code false}, in any case. */
    public static boolean bool(String key, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidSettingException(key, value, "true or false");
        };
    }

    /** One of the constants of an enum, in any case. */
    public static <E extends Enum<E>> E oneOf(String key, String value, Class<E> type) {
        String wanted = value.strip();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(wanted)) {
                return constant;
            }
        }
        throw new InvalidSettingException(
                key,
                value,
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }
}
