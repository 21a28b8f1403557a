package io.tidewatch.collector.links;

import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.InterruptedWireException;
import java.io.IOException;

/** Makes sentences of failures of a source that answers over a connection. */
final class Failed {
    private Failed() {}

    /** Returns an exception for an operator; an interrupt stays one. */
    static IOException because(String source, IOException cause) {
        return cause instanceof InterruptedWireException
                ? cause
                : new IOException(
                        "the " + source + " cannot be read: "
                                + HttpRequest.explain(cause, "the sender hangs, or raise timeout"),
                        cause);
    }
}
