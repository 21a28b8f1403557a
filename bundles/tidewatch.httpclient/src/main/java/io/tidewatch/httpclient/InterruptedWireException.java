package io.tidewatch.httpclient;

import java.io.IOException;

/** Thrown when the thread of a connection was interrupted; it still is. */
public final class InterruptedWireException extends IOException {
    private static final long serialVersionUID = 1;

    InterruptedWireException() {}
}
