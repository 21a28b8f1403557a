package io.tidewatch.command.migrate;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the original agent has them: {@code 30s}, {@code 1h30m}, {@code 1.5s}.
 *
 * <p>Source: https://pkg.go.dev/time#ParseDuration
 */
final class GoDuration {
    private static final Pattern ALL = Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final int LONGEST = 60;

    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /** What a text means; nothing if it is no duration. It may be zero or negative. */
    static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (text.length() > LONGEST || !ALL.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long unit = NANOS.getOrDefault(part.group(2), 0L);
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Optional.empty();
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        return Optional.of(text.startsWith("-") ? duration.negated() : duration);
    }

    /** As a .cfg has it, in whole milliseconds, rounded up: as it was written if that can be read there. */
    static String asSetting(String text, Duration duration) {
        try {
            if (Setting.durationOrZero("", text).equals(duration)) {
                return text;
            }
        } catch (InvalidSettingException e) {
            // Written anew.
        }
        Duration millis = Duration.ofMillis(duration.toMillis());
        return Setting.written(millis.equals(duration) ? duration : millis.plusMillis(1));
    }
}
