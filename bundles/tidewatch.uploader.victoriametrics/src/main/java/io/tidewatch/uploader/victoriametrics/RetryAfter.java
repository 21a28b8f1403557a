package io.tidewatch.uploader.victoriametrics;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a server asks to be left alone: the header Retry-After, in seconds or as a date (RFC 9110, 10.2.3). */
final class RetryAfter {
    /** The longest wait that is honoured: a wrong header must not silence a device for days. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /**
     * Reads the header.
     *
     * @param date the server's own time, header Date: what a date is compared with, since the device's clock may be off
     * @param now time of the device, if the server does not tell its own
     * @return zero to an hour; nothing if the header is absent or not understood
     */
    static Optional<Duration> parse(@Nullable String header, @Nullable String date, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(value))));
        }
        return time(value).map(until -> bounded(Duration.between(time(date).orElse(now), until)));
    }

    private static Optional<Instant> time(@Nullable String value) {
        try {
            return Optional.ofNullable(value)
                    .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
