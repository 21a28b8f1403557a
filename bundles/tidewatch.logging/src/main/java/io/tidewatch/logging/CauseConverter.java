package io.tidewatch.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** {@code %cause} in a pattern for people: what an exception says, on the line of its event; of a bug, its stack. */
public final class CauseConverter extends ThrowableHandlingConverter {
    @Override
    public String convert(ILoggingEvent event) {
        Cause cause = Cause.of(event);
        if (cause == null) {
            return "";
        }
        String stack = cause.stack();
        return stack == null ? " (" + cause.type() + ": " + cause.message() + ")" : System.lineSeparator() + stack;
    }
}
