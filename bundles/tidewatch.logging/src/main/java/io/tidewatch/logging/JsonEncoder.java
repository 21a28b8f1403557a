package io.tidewatch.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One JSON object (RFC 8259) per event and line: {@code time} (RFC 3339, UTC, milliseconds), {@code level},
 * {@code logger}, {@code message}, then the fields of the event, which come by the MDC, in the order of their names. An
 * exception gives {@code error} and {@code error_type}, unless the event names them itself, and a {@code stack} if it is a
 * bug.
 *
 * <p>Written by hand, since the logging library starts before any other and must not wait for Jackson.
 */
public final class JsonEncoder extends EncoderBase<ILoggingEvent> {
    /** Fields that are numbers; the MDC has texts only, and a type that changed with the value would spoil queries. */
    private static final Set<String> NUMBERS = Set.of(
            "attempt",
            "backoff_ms",
            "retry_after_sec",
            "bytes_rcvd",
            "bytes_sent",
            "chunk_index",
            "count",
            "duration_ms",
            "reclaimed_bytes",
            "http_status",
            "skew_ms");

    /** Fields that every event has; one of the MDC by this name would be a second one. */
    private static final Set<String> OWN = Set.of("time", "level", "logger", "message", "stack");

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final byte[] NONE = {};

    @Override
    public byte[] headerBytes() {
        return NONE;
    }

    @Override
    public byte[] footerBytes() {
        return NONE;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256).append('{');
        text(line, "time", TIME.format(event.getInstant()));
        text(line, "level", event.getLevel().toString());
        text(line, "logger", event.getLoggerName());
        text(line, "message", event.getFormattedMessage());
        Map<String, String> fields = new TreeMap<>(event.getMDCPropertyMap());
        // pax-logging adds properties of the logging bundle, under names with a dot, which ours never have.
        fields.keySet().removeIf(name -> OWN.contains(name) || name.indexOf('.') >= 0);
        Cause cause = Cause.of(event);
        if (cause != null) {
            fields.putIfAbsent("error", cause.message());
            fields.putIfAbsent("error_type", cause.type());
        }
        fields.forEach((name, value) -> field(line, name, value));
        String stack = cause == null ? null : cause.stack();
        if (stack != null) {
            text(line, "stack", stack);
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void field(StringBuilder line, String name, String value) {
        if (value == null) {
            return;
        }
        if (NUMBERS.contains(name) && NUMBER.matcher(value).matches()) {
            name(line, name).append(value);
        } else {
            text(line, name, value);
        }
    }

    private static void text(StringBuilder line, String name, String value) {
        quoted(name(line, name), value);
    }

    private static StringBuilder name(StringBuilder line, String name) {
        if (line.length() > 1) {
            line.append(',');
        }
        return quoted(line, name).append(':');
    }

    private static StringBuilder quoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                default -> {
                    if (c < ' ') {
                        line.append("\\u00").append(c < 16 ? '0' : '1').append(Character.forDigit(c & 15, 16));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        return line.append('"');
    }
}
