package io.tidewatch.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The exception of an event. A fault of the environment (a full disk, an unreachable server) takes one line; only bugs,
 * unchecked exceptions and errors, have a stack.
 */
record Cause(IThrowableProxy proxy) {
    static @Nullable Cause of(ILoggingEvent event) {
        IThrowableProxy proxy = event.getThrowableProxy();
        return proxy == null ? null : new Cause(proxy);
    }

    /** Name of its class, without the package. */
    String type() {
        String name = proxy.getClassName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What it says, or its type if it says nothing. */
    String message() {
        String message = proxy.getMessage();
        return message == null || message.isBlank() ? type() : message;
    }

    /** Its stack, with those of its causes, if it is a bug; null if it is not. */
    @Nullable
    String stack() {
        return isBug() ? ThrowableProxyUtil.asString(proxy) : null;
    }

    private boolean isBug() {
        Throwable throwable = proxy instanceof ThrowableProxy own ? own.getThrowable() : null;
        // Without the object, as after a serialization, rather a stack too many than a bug without one.
        return throwable == null
                || throwable instanceof Error
                || (throwable instanceof RuntimeException && !(throwable instanceof UncheckedIOException));
    }
}
