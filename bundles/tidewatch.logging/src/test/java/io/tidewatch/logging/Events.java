package io.tidewatch.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as the logging library makes them. */
final class Events {
    static final Instant TIME = Instant.parse("2026-03-01T12:00:00.120Z");

    private Events() {}

    static LoggingEvent of(String pattern, @Nullable Throwable cause, Map<String, String> fields, Object... arguments) {
        return of(Level.WARN, pattern, cause, fields, arguments);
    }

    static LoggingEvent of(
            Level level, String pattern, @Nullable Throwable cause, Map<String, String> fields, Object... arguments) {
        LoggingEvent event = new LoggingEvent();
        event.setLoggerName("io.tidewatch.example.Thing");
        event.setLevel(level);
        event.setThreadName("main");
        event.setInstant(TIME);
        event.setMessage(pattern);
        event.setArgumentArray(arguments);
        event.setMDCPropertyMap(fields);
        if (cause != null) {
            event.setThrowableProxy(new ThrowableProxy(cause));
        }
        return event;
    }

    static LoggingEvent at(Instant time, String pattern, Object... arguments) {
        LoggingEvent event = of(pattern, null, Map.of(), arguments);
        event.setInstant(time);
        return event;
    }
}
