package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;

/**
 * Whether the peer that answers is known to be the server. A middlebox may answer 204 to everything. A peer is known by a
 * verified certificate or by VictoriaMetrics' header on the answer itself, or else by its metrics page; not by anything
 * where {@code peer = any}. While the last success came from an unknown peer only requests without samples are sent.
 *
 * <p>Not safe for use by several threads.
 */
public final class PeerIdentity {
    private boolean unknown;
    private boolean byPage;

    /** Whether the server has identified itself by an answer: then one that does not is another peer's. */
    private boolean identified;

    /** Whether an answer comes from the server, as far as is known without asking it. */
    public boolean isKnown(Reply reply, UploaderSettings settings) {
        identified |= reply.identified();
        return reply.identified() || settings.anyPeer() || isKnownByPage();
    }

    /** Whether the last success came from an unknown peer. */
    public boolean isUnknown() {
        return unknown;
    }

    /** Whether answers are trusted for the sake of the metrics page alone. */
    public boolean isKnownByPage() {
        return byPage && !identified;
    }

    /** A success came from an unknown peer. */
    public void unknown() {
        unknown = true;
        byPage = false;
    }

    /** A success came from a known peer. */
    public void known() {
        unknown = false;
    }

    /** The metrics page is VictoriaMetrics', or is not. */
    public void page(boolean ofServer) {
        byPage = ofServer;
    }

    /** The metrics page that was read after an answer without identity is VictoriaMetrics': its answers have none now. */
    public void identifiedByPage() {
        page(true);
        identified = false;
    }

    /** From now on it is about another server. */
    public void forget() {
        unknown = false;
        byPage = false;
        identified = false;
    }
}
