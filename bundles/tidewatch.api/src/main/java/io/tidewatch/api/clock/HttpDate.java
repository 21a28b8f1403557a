package io.tidewatch.api.clock;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads dates of HTTP headers, in any of the three formats (RFC 9110, 5.6.7). */
public final class HttpDate {
    private static final List<DateTimeFormatter> FORMATS = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1980)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC));

    private HttpDate() {}

    /** Returns the moment; empty if the header is missing or no date. */
    public static Optional<Instant> parse(@Nullable String header) {
        String date = header == null ? "" : header.strip();
        for (DateTimeFormatter format : FORMATS) {
            try {
                return Optional.of(format.parse(date, Instant::from));
            } catch (DateTimeException e) {
                // Perhaps another format.
            }
        }
        return Optional.empty();
    }
}
