package io.tidewatch.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Hands events on, but not the same one too often: of each message of each logger so many a minute, and so many of all
 * together. Omitted events are counted, and reported by the first event of a later minute, so that a small disk is not
 * flooded and no loss is silent.
 *
 * <p>Events below INFO are never omitted: an operator enables them for a diagnosis.
 *
 * <p>Messages are the same if their patterns are ({@code "Collector {} fails"}). A minute begins with the first event
 * after the last one has ended.
 */
public final class Throttle extends AppenderBase<ILoggingEvent> implements AppenderAttachable<ILoggingEvent> {
    private static final long MINUTE_MILLIS = 60_000;

    /** A minute with more kinds of messages than this is flooded anyway. */
    private static final int MOST_KINDS = 512;

    private record Kind(String logger, String pattern) {}

    private final AppenderAttachableImpl<ILoggingEvent> next = new AppenderAttachableImpl<>();
    private final Map<Kind, Integer> seen = new HashMap<>();
    private int perMessage = 30;
    private int perMinute = 600;
    private long minuteStart = Long.MIN_VALUE;
    private int passed;
    private int leftOut;

    public void setPerMessage(int perMessage) {
        this.perMessage = perMessage;
    }

    public void setPerMinute(int perMinute) {
        this.perMinute = perMinute;
    }

    // AppenderBase holds its lock while it calls this.
    @Override
    protected void append(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
            next.appendLoopOnAppenders(event);
            return;
        }
        long now = event.getTimeStamp();
        // A clock that was set back must not keep the log shut until it has caught up.
        if (minuteStart == Long.MIN_VALUE || now >= minuteStart + MINUTE_MILLIS || now < minuteStart) {
            if (leftOut > 0) {
                next.appendLoopOnAppenders(warning(
                        event.getThreadName(),
                        event.getInstant(),
                        "{} log entries were left out, since there were more than {} in a minute, or more than {} of"
                                + " one kind",
                        leftOut,
                        perMinute,
                        perMessage));
            }
            minuteStart = now;
            passed = 0;
            leftOut = 0;
            seen.clear();
        }
        if (passes(event)) {
            next.appendLoopOnAppenders(event);
        } else {
            leftOut++;
        }
    }

    private boolean passes(ILoggingEvent event) {
        if (passed >= perMinute || seen.size() >= MOST_KINDS) {
            return false;
        }
        Kind kind = new Kind(event.getLoggerName(), String.valueOf(event.getMessage()));
        if (seen.merge(kind, 1, Integer::sum) > perMessage) {
            return false;
        }
        passed++;
        return true;
    }

    /** @param arguments of the message, the first of them its count of lost events */
    static LoggingEvent warning(String thread, Instant time, String message, Object... arguments) {
        LoggingEvent warning = new LoggingEvent();
        warning.setLoggerName("io.tidewatch.logging");
        warning.setLevel(Level.WARN);
        warning.setThreadName(thread);
        warning.setInstant(time);
        warning.setMessage(message);
        warning.setArgumentArray(arguments);
        warning.setMDCPropertyMap(Map.of("count", arguments[0].toString()));
        return warning;
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        next.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return next.iteratorForAppenders();
    }

    @Override
    public Appender<ILoggingEvent> getAppender(String name) {
        return next.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return next.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        next.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return next.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return next.detachAppender(name);
    }
}
