package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the server was restarted, and what it may have lost then: VictoriaMetrics acknowledges samples that
 * it has only in memory (1.79 lost the last 5 to 10 seconds when it was killed).
 *
 * <p>The server is asked for its start: after the first acknowledgement of this process or when nothing is pending, after a failure of the
 * connection as soon as the server acknowledges again, after every 100 chunks, every 15 minutes, since a restart between
 * two uploads shows nowhere else, and at an orderly stop. After a restart everything is resent that was acknowledged
 * from the settle time before the previous report on: the server may have died more than once since then. What was
 * reported is kept in the store ({@link ServerHistory}).
 *
 * <p>A server that does not report its start (a proxy that lets only imports through) is taken for restarted when a
 * connection is refused or breaks. A network that breaks connections all day must not make the same samples go all day:
 * at most once in ten settle times.
 *
 * <p>Not safe for use by several threads.
 */
final class RestartWatch {
    /** Asks a server when it was started. */
    interface Asking {
        /**
         * @return nothing if the server does not report it
         * @throws IOException if it cannot be asked just now
         */
        Optional<ServerStart> serverStart(UploaderSettings settings, Endpoint endpoint) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RestartWatch.class);

    private static final Duration LONGEST_UNASKED = Duration.ofMinutes(15);

    /** Chunks: the store remembers the acknowledgements of a thousand, and a restart resends all of these. */
    private static final int MOST_UNASKED = 100;

    /** For so long a server that does not report its start is not asked again. */
    private static final Duration UNTOLD = Duration.ofHours(1);

    /** For so long a store remembers all acknowledgements, also those of an agent that kept no history. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** A kept connection that breaks after a longer silence was perhaps only closed for it. */
    private static final Duration NOT_IDLE = Duration.ofSeconds(4);

    /** A stop does not wait longer for an answer. */
    private static final Duration LAST_QUESTION = Duration.ofMillis(1500);

    private static final int MOST_UNANSWERED = 3;

    private final Asking asking;
    private final Timing timing;
    private final long beginNanos;

    private @Nullable SampleStore store;
    private ServerHistory history = new ServerHistory();
    private boolean noted = true;

    /** Whether the history is that of an earlier process: also without samples to send the server is asked once. */
    private boolean unverified;

    private @Nullable URI server;
    private @Nullable Long lastAsked;
    private @Nullable Long untoldAt;
    private int unanswered;

    /** Acknowledged chunks since the server was last asked. */
    private int count;

    private boolean suspicious;
    private boolean lost;
    private boolean answered;
    private long lastAnswer;
    private @Nullable Instant lastAcknowledged;
    private @Nullable Instant beforeFailure;
    private @Nullable Long lastGuess;
    private @Nullable Instant unsafe;

    /** @param asking asks the server */
    RestartWatch(Asking asking, Timing timing) {
        this.asking = asking;
        this.timing = timing;
        this.beginNanos = timing.nanoTime().getAsLong();
    }

    /** The server has acknowledged samples. */
    void acknowledged(Instant time, Endpoint endpoint) {
        of(endpoint);
        noted &= !history.acknowledged(time);
        lastAcknowledged = time;
        count++;
        answered = true;
        lastAnswer = timing.nanoTime().getAsLong();
    }

    /** An attempt failed. */
    void failed(Failure failure, Endpoint endpoint) {
        of(endpoint);
        if (!failure.reason().mayBeRestart()) {
            return;
        }
        if (beforeFailure == null) {
            beforeFailure = lastAcknowledged;
        }
        boolean busy = timing.nanoTime().getAsLong() - lastAnswer < NOT_IDLE.toNanos();
        lost |= failure.reason().isLost() || (failure.reason() == Reason.NETWORK && busy);
        suspicious = true;
        answered = false;
    }

    /**
     * Makes what a restarted server may have lost pending again. Asks the server if it is time to. Abandons the delivery
     * in flight if it does something.
     *
     * @param report gets what is resent
     * @throws StoreException if it could not be made pending; the next call does it
     */
    void resend(SampleStore current, UploaderSettings settings, Endpoint endpoint, UploadReport report)
            throws StoreException {
        of(endpoint);
        if (settings.settleTime().isZero() || !load(current)) {
            return;
        }
        boolean idle = unverified && current.status().pendingSamples() == 0;
        if (unsafe == null && (answered || idle)) {
            long now = timing.nanoTime().getAsLong();
            if (passed(untoldAt, UNTOLD, now) && passed(lastAsked, patience(settings), now)) {
                ask(settings, endpoint, now);
            }
            if (untoldAt != null) {
                guess(settings, now);
            }
        }
        resendUnsafe(current, settings, endpoint, report);
    }

    /**
     * Asks once more before the agent stops, for at most 1.5 seconds, unless the server did not answer of late or has
     * acknowledged nothing since it was asked. What it lost is pending again for the next start.
     */
    void stopping(SampleStore current, UploaderSettings settings, Endpoint endpoint, UploadReport report)
            throws StoreException {
        of(endpoint);
        if (settings.settleTime().isZero() || !load(current)) {
            return;
        }
        if (unsafe == null && answered && count > 0 && untoldAt == null) {
            ask(settings.withTimeout(LAST_QUESTION), endpoint, timing.nanoTime().getAsLong());
        }
        resendUnsafe(current, settings, endpoint, report);
    }

    private void resendUnsafe(SampleStore current, UploaderSettings settings, Endpoint endpoint, UploadReport report)
            throws StoreException {
        Instant from = unsafe;
        if (from != null) {
            Instant since = from.minus(settings.settleTime());
            report.resent(current.reopen(since), since, endpoint.server());
            unsafe = null;
        }
        // Only now: a process that is killed before resends it at its next start.
        note(current);
    }

    private Duration patience(UploaderSettings settings) {
        return suspicious || unverified || count >= MOST_UNASKED ? settings.uploadInterval() : LONGEST_UNASKED;
    }

    private void ask(UploaderSettings settings, Endpoint endpoint, long now) {
        lastAsked = now;
        count = 0;
        Instant wall = timing.clock().instant();
        try {
            Optional<ServerStart> start = asking.serverStart(settings, endpoint);
            unanswered = 0;
            if (start.isPresent()) {
                reported(start.get(), wall, now);
            } else {
                untoldAt = now;
            }
        } catch (IOException e) {
            // The import was answered a moment ago. If this path never is, it is as good as none.
            unanswered += answered ? 1 : 0;
            if (unanswered >= MOST_UNANSWERED) {
                unanswered = 0;
                untoldAt = now;
            }
        }
    }

    private void reported(ServerStart start, Instant wall, long now) {
        boolean first = history.isEmpty();
        unsafe = history.reported(start, wall, now).orElse(null);
        noted = false;
        if (first && start.uptime().minus(REMEMBERED).toNanos() < now - beginNanos) {
            // Of what an agent without a history had acknowledged only the store knows. Power cuts hit both.
            Instant started = wall.minus(start.uptime());
            Instant begin = wall.minusNanos(now - beginNanos);
            unsafe = (started.isBefore(begin) ? started : begin).minus(REMEMBERED);
        }
        unverified = false;
        untoldAt = null;
        calm();
    }

    private void guess(UploaderSettings settings, long now) {
        if (lost
                && beforeFailure != null
                && passed(lastGuess, settings.settleTime().multipliedBy(10), now)) {
            unsafe = beforeFailure;
            lastGuess = now;
        }
        calm();
    }

    private void calm() {
        suspicious = false;
        lost = false;
        answered = false;
        beforeFailure = null;
    }

    /** Another URL may be the same server by another name: its history goes on. */
    private void of(Endpoint endpoint) {
        if (!endpoint.url().equals(server)) {
            server = endpoint.url();
            lastAsked = null;
            untoldAt = null;
            unanswered = 0;
            calm();
        }
    }

    /**
     * Another store has its own history.
     *
     * @return whether it is known
     */
    private boolean load(SampleStore current) {
        if (current == store) {
            return true;
        }
        try {
            Instant wall = timing.clock().instant();
            long now = timing.nanoTime().getAsLong();
            history = current.note(ServerHistory.NOTE)
                    .map(text -> ServerHistory.parse(text, wall, now))
                    .orElseGet(ServerHistory::new);
            noted = true;
            unverified = !history.isEmpty();
            store = current;
            return true;
        } catch (StoreException e) {
            LOG.debug("The history of the server cannot be read now; it is read again at the next upload", e);
            return false;
        }
    }

    private void note(SampleStore current) {
        if (noted) {
            return;
        }
        try {
            current.note(ServerHistory.NOTE, history.toString());
            noted = true;
        } catch (StoreException e) {
            // What is noted is older: a restart makes more be resent.
            LOG.debug("The history of the server cannot be written now; it is written at the next upload", e);
        }
    }

    private static boolean passed(@Nullable Long since, Duration duration, long now) {
        return since == null || now - since >= duration.toNanos();
    }
}
