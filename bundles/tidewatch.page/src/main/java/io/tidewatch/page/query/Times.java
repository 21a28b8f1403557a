package io.tidewatch.page.query;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times and durations as requests have them: <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP
 * API</a> of Prometheus, format overview.
 */
public final class Times {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,13}(\\.[0-9]{0,9})?");
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,8})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,12})ms)?");
    private static final long[] UNITS = {86_400_000, 3_600_000, 60_000, 1000, 1};

    /** The year 3000. */
    private static final long LATEST = 32_503_680_000_000L;

    private Times() {}

    /** @return milliseconds since the epoch, from 1970 to 3000 */
    public static long time(String parameter, String text) throws BadQueryException {
        try {
            long millis = NUMBER.matcher(text).matches()
                    ? millis(text)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
            if (millis >= 0 && millis <= LATEST) {
                return millis;
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Falls through to the one message that says what is accepted.
        }
        throw new BadQueryException(parameter + " is '" + text
                + "'; expected Unix seconds such as 1764468913.5, or a time such as 2026-11-30T02:15:13Z");
    }

    /** @return milliseconds, above zero */
    public static long duration(String parameter, String text) throws BadQueryException {
        long millis = 0;
        Matcher parts = DURATION.matcher(text);
        if (NUMBER.matcher(text).matches()) {
            millis = millis(text);
        } else if (parts.matches()) {
            for (int i = 0; i < UNITS.length; i++) {
                millis += parts.group(i + 1) == null ? 0 : Long.parseLong(parts.group(i + 1)) * UNITS[i];
            }
        }
        if (millis <= 0 || millis > LATEST) {
            throw new BadQueryException(
                    parameter + " is '" + text + "'; expected seconds above zero, or a duration such as 15s or 1h30m");
        }
        return millis;
    }

    private static long millis(String seconds) {
        return new BigDecimal(seconds).movePointRight(3).longValue();
    }
}
