package io.tidewatch.httpclient;

import java.io.InterruptedIOException;

/** Thrown when the thread of a connection was interrupted; it still is. */
public final class InterruptedWireException extends InterruptedIOException {
    private static final long serialVersionUID = 1;

    InterruptedWireException() {}
}
