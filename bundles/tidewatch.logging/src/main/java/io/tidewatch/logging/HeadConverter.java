package io.tidewatch.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * {@code %head} in a pattern for people: time and level of the event; nothing where the journal of systemd shows both by
 * itself.
 */
public final class HeadConverter extends ClassicConverter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final boolean journal;

    public HeadConverter() {
        this(Journal.READS);
    }

    HeadConverter(boolean journal) {
        this.journal = journal;
    }

    @Override
    public String convert(ILoggingEvent event) {
        return journal
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s %-5s ",
                        TIME.format(Instant.ofEpochMilli(event.getTimeStamp())),
                        event.getLevel());
    }
}
