package io.tidewatch.uploader.victoriametrics.restart;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.http.ServerStart;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link ServerHistory} of the store in use, read from it and written to it. Not safe for use by several threads.
 */
final class StoredHistory {
    private static final Logger LOG = LoggerFactory.getLogger(StoredHistory.class);

    private @Nullable SampleStore store;
    private ServerHistory history = new ServerHistory();
    private boolean saved = true;
    private boolean unverified;

    /**
     * Reads the history of a store, unless it is the one in use.
     *
     * @return whether it is known
     */
    boolean load(SampleStore current, Timing timing) {
        if (current == store) {
            return true;
        }
        try {
            Instant wall = timing.clock().instant();
            long now = timing.nanoTime().getAsLong();
            history = current.note(ServerHistory.NOTE)
                    .map(text -> ServerHistory.parse(text, wall, now))
                    .orElseGet(ServerHistory::new);
            saved = true;
            unverified = !history.isEmpty();
            store = current;
            return true;
        } catch (StoreException e) {
            LOG.debug("The history of the server cannot be read now; it is read again at the next upload", e);
            return false;
        }
    }

    /** Writes the history if it has changed. */
    void save(SampleStore current) {
        if (saved) {
            return;
        }
        try {
            current.note(ServerHistory.NOTE, history.toString());
            saved = true;
        } catch (StoreException e) {
            // What is stored is older: a restart makes more be resent.
            LOG.debug("The history of the server cannot be written now; it is written at the next upload", e);
        }
    }

    /** Whether it is that of an earlier process, and the server has reported nothing to this one. */
    boolean unverified() {
        return unverified;
    }

    /** Whether no server has reported its start yet. */
    boolean isEmpty() {
        return history.isEmpty();
    }

    /** See {@link ServerHistory#acknowledged}. */
    void acknowledged(Instant time) {
        saved &= !history.acknowledged(time);
    }

    /** See {@link ServerHistory#reported}. */
    Optional<Instant> reported(ServerStart start, boolean connectionLost, Instant wall, long nanos) {
        saved = false;
        unverified = false;
        return history.reported(start, connectionLost, wall, nanos);
    }
}
