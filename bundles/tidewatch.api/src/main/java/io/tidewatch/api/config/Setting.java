package io.tidewatch.api.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
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

    /** What people write, by the unit here: {@code min}, {@code minutes}. */
    private static final Pattern DURATION_WORD =
            Pattern.compile("s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|h(?:ours?)?|d(?:ays?)?");

    /** What people write: {@code k}, {@code kb}, {@code kib}. */
    private static final Pattern SIZE_WORD = Pattern.compile("[kmg](?:i?b)?|b(?:ytes)?");

    /** In days: a duration fits into nanoseconds, and so does the sum of two. */
    private static final int LONGEST = 36_500;

    private Setting() {}

    /** A duration above zero: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 30d}. */
    public static Duration duration(String key, String value) {
        Duration duration = durationOrZero(key, value);
        if (duration.isZero()) {
            throw new InvalidSettingException(key, value, "a duration above zero such as 250ms, 30s, 5m, 1h");
        }
        return duration;
    }

    /** A duration between {@code min} and {@code max}, both allowed. */
    public static Duration duration(String key, String value, String min, String max) {
        Duration duration = parse(key, value);
        if (duration.compareTo(parse(key, min)) < 0 || duration.compareTo(parse(key, max)) > 0) {
            throw new InvalidSettingException(key, value, "a duration from " + min + " to " + max);
        }
        return duration;
    }

    /** A duration, zero allowed ({@code 0s}). */
    public static Duration durationOrZero(String key, String value) {
        Duration duration = parse(key, value);
        if (duration.toDays() > LONGEST) {
            throw new InvalidSettingException(key, value, "a duration of at most " + LONGEST + "d");
        }
        return duration;
    }

    private static Duration parse(String key, String value) {
        Matcher matcher = DURATION.matcher(value.strip());
        if (!matcher.matches()) {
            throw new InvalidSettingException(
                    key, value, "a duration such as 250ms, 30s, 5m, 1h" + meant(value, Setting::durationUnit));
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

    private static String meant(String value, UnaryOperator<String> units) {
        Matcher matcher = OTHER_UNIT.matcher(value.strip());
        if (!matcher.matches()) {
            return "";
        }
        String unit = units.apply(matcher.group(2).toLowerCase(Locale.ROOT));
        return unit.isEmpty() || unit.equals(matcher.group(2)) ? "" : "; did you mean " + matcher.group(1) + unit + "?";
    }

    /** The unit that a word in lower case stands for; empty if none. */
    private static String durationUnit(String word) {
        if (word.isEmpty() || word.equals("ms")) {
            return word.isEmpty() ? "s" : word;
        }
        return DURATION_WORD.matcher(word).matches() ? word.substring(0, 1) : "";
    }

    private static String sizeUnit(String word) {
        if (!SIZE_WORD.matcher(word).matches()) {
            return "";
        }
        String unit = word.substring(0, 1).toUpperCase(Locale.ROOT);
        return unit.equals("B") ? unit : unit + "iB";
    }

    /**
     * Returns a duration as an operator writes it, in whole milliseconds and the largest unit up to hours that fits without
     * a rest: {@code 90s}, {@code 5m}, {@code 250ms}.
     */
    public static String written(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** A size in bytes: {@code 512KiB}, {@code 64MiB}, {@code 2GiB}, {@code 4096B}. */
    public static long size(String key, String value) {
        Matcher matcher = SIZE.matcher(value.strip());
        if (!matcher.matches()) {
            throw new InvalidSettingException(
                    key, value, "a size such as 512KiB, 64MiB, 2GiB" + meant(value, Setting::sizeUnit));
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

    /** A size in bytes between {@code min} and {@code max}, both allowed. */
    public static long size(String key, String value, String min, String max) {
        long bytes = size(key, value);
        if (bytes < size(key, min) || bytes > size(key, max)) {
            throw new InvalidSettingException(key, value, "a size from " + min + " to " + max);
        }
        return bytes;
    }

    /**
     * An absolute path that the locale of this process can name; it need not exist.
     *
     * @param of what it is a path of, as {@code a folder}
     */
    public static Path absolutePath(String key, String value, String of) {
        InvalidSettingException refused = new InvalidSettingException(key, value, "the absolute path of " + of);
        try {
            Path path = Path.of(value.strip());
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException e) {
            refused.initCause(e);
        }
        throw refused;
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
