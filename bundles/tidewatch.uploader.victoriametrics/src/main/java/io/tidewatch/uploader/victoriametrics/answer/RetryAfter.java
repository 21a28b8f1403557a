package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.api.clock.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a server asks to be left alone: the headers Retry-After, in seconds or as a date in one of the three formats of
 * HTTP (RFC 9110, 10.2.3 and 5.6.7). Of several the longest counts. Fractions, a unit and numbers of any length are
 * accepted too, since proxies and middleboxes write them.
 */
final class RetryAfter {
    /** The longest wait: a wrong header must not silence a device for days. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern NUMBER =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(s|sec|seconds?|m|min|minutes?|h|hours?)?");

    /** A comma separates headers, but also follows the day of the week. */
    private static final Pattern SEPARATOR = Pattern.compile("(?<!Mon|Tue|Wed|Thu|Fri|Sat|Sun|day),");

    private RetryAfter() {}

    /**
     * Reads the headers.
     *
     * @param date the server's own time, header Date: what a date is compared with, since the device's clock may be off
     * @param now time of the device, if the server does not report its own
     * @return zero to an hour; nothing if no header is understood
     */
    static Optional<Duration> parse(List<String> headers, @Nullable String date, Instant now) {
        return headers.stream()
                .flatMap(SEPARATOR::splitAsStream)
                .flatMap(value -> one(value.strip(), date, now).stream())
                .max(Duration::compareTo);
    }

    private static Optional<Duration> one(String value, @Nullable String date, Instant now) {
        Matcher number = NUMBER.matcher(value);
        if (number.matches()) {
            return Optional.of(bounded(seconds(number)));
        }
        return HttpDate.parse(value)
                .map(until -> bounded(Duration.between(HttpDate.parse(date).orElse(now), until)));
    }

    private static Duration seconds(Matcher number) {
        String unit = number.group(2) == null ? "s" : number.group(2);
        double seconds = Double.parseDouble(number.group(1));
        return Duration.ofMillis(
                Math.round(seconds * (unit.startsWith("h") ? 3_600_000 : unit.startsWith("m") ? 60_000 : 1000)));
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
