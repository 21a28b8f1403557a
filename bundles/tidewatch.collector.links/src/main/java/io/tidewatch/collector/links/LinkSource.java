package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpRequest;
import io.tidewatch.httpclient.InterruptedWireException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

abstract class LinkSource {
    /** The kinds, in the order in which they are tried. Its name in lower case is the tag {@code source} and a value of that key. */
    enum Kind {
        STATS_FILE,
        METRICS_PAGE,
        CONTROL_SOCKET,
        CERAUI,
        IPS_FILE;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    final Kind kind;
    final String described;

    /** @param described what it is, for an operator: {@code statistics file /tmp/…} */
    LinkSource(Kind kind, String described) {
        this.kind = kind;
        this.described = described;
    }

    /**
     * Returns the links, each once; nothing if no sender is there.
     *
     * @throws InterruptedWireException if the thread was interrupted
     * @throws IOException if a sender is there and cannot be understood
     */
    abstract Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics)
            throws IOException;

    /** Returns an exception for an operator, of a source that answers over a connection; an interrupt stays one. */
    final IOException failed(IOException cause) {
        return cause instanceof InterruptedWireException
                ? cause
                : new IOException(
                        "the " + described + " cannot be read: "
                                + HttpRequest.explain(cause, "the sender hangs, or raise timeout"),
                        cause);
    }
}
