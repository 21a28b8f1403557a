package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the server was restarted, and what it may have lost then: VictoriaMetrics acknowledges samples that
 * it has only in memory (1.79 lost the last 5 to 10 seconds when it was killed).
 *
 * <p>The server is asked when it was started: behind the first acknowledgement, behind a failure of the connection as soon
 * as the server acknowledges again, and otherwise every 15 minutes, 9 when there is much to acknowledge, since a restart
 * between two uploads shows nowhere else.
 * A start that was not seen before, and that came after the server was last asked, is a restart. The server may have died
 * at any time behind the last acknowledgement before that start; so what was acknowledged from the settle time before
 * that acknowledgement on is to be sent again.
 *
 * <p>A server that does not say when it was started (a proxy that lets only imports through) is taken for restarted when
 * a connection is refused or breaks. A network that breaks connections all day must not make the same samples go all day:
 * at most once in ten settle times.
 *
 * <p>Not safe for use by several threads.
 */
final class RestartWatch {
    /** Asks a server when it was started. */
    interface Asking {
        /**
         * @return nothing if the server does not say
         * @throws IOException if it cannot be asked just now
         */
        Optional<ServerStart> serverStart(UploaderSettings settings, Endpoint endpoint) throws IOException;
    }

    private static final Duration LONGEST_UNASKED = Duration.ofMinutes(15);

    /** Less than the ten minutes for which a store remembers all acknowledgements. */
    private static final Duration LONGEST_UNASKED_WHEN_MANY = Duration.ofMinutes(9);

    /** Less than the thousand acknowledgements that a store remembers for longer. */
    private static final int MANY = 900;

    /** For so long a server that does not say when it was started is not asked again. */
    private static final Duration UNTOLD = Duration.ofHours(1);

    /** What a process acknowledged that ran before this one; for so long a store remembers it. */
    private static final Duration BEFORE_THIS_PROCESS = Duration.ofMinutes(10);

    /** A kept connection that breaks behind a longer silence was perhaps only closed for it. */
    private static final Duration NOT_IDLE = Duration.ofSeconds(4);

    /** Whole seconds on one side, milliseconds on the other, and the way between them. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final int MOST_UNANSWERED = 3;
    private static final int MOST_STARTS = 16;

    /** Failures behind which the server may be another process. Somebody answered all others. */
    private static final Set<String> SUSPICIOUS =
            Set.of("connect", "network", "timeout", "no_route", "http_502", "http_503", "http_504");

    /** Of these, those that a server leaves behind that ends, rather than a network that is bad. */
    private static final Set<String> LOST = Set.of("connect", "http_502", "http_504");

    private final Asking asking;
    private final Timing timing;
    private final long beginNanos;

    private @Nullable URI server;
    private AcknowledgementTimes acknowledged = new AcknowledgementTimes();
    private final List<Long> starts = new ArrayList<>();
    private @Nullable Long lastTold;
    private @Nullable Long lastAsked;
    private @Nullable Long untoldAt;
    private int unanswered;

    /** Acknowledgements since the server was last asked. */
    private int count;

    private boolean suspicious;
    private boolean lost;
    private boolean answered;
    private long lastAnswer;
    private @Nullable Instant beforeFailure;
    private @Nullable Long lastGuess;
    private @Nullable Instant reopen;

    /** @param asking asks the server */
    RestartWatch(Asking asking, Timing timing) {
        this.asking = asking;
        this.timing = timing;
        this.beginNanos = timing.nanoTime().getAsLong();
    }

    /** The server has acknowledged samples. */
    void acknowledged(Instant time, Endpoint endpoint) {
        of(endpoint);
        acknowledged.add(time);
        count++;
        answered = true;
        lastAnswer = timing.nanoTime().getAsLong();
    }

    /** An attempt failed. */
    void failed(Failure failure, Endpoint endpoint) {
        of(endpoint);
        if (!SUSPICIOUS.contains(failure.reason())) {
            return;
        }
        if (beforeFailure == null) {
            beforeFailure = acknowledged.last();
        }
        boolean busy = timing.nanoTime().getAsLong() - lastAnswer < NOT_IDLE.toNanos();
        lost |= LOST.contains(failure.reason()) || (failure.reason().equals("network") && busy);
        suspicious = true;
        answered = false;
    }

    /**
     * Since when acknowledgements are not to be relied on, if the server was restarted. Asks it if it is time to. Said
     * again until {@link #reopened}.
     */
    Optional<Instant> toReopen(UploaderSettings settings, Endpoint endpoint) {
        of(endpoint);
        if (settings.settleTime().isZero()) {
            return Optional.empty();
        }
        if (reopen == null && answered) {
            long now = timing.nanoTime().getAsLong();
            if (passed(untoldAt, UNTOLD, now)) {
                ask(settings, endpoint, now);
            }
            if (untoldAt != null) {
                guess(settings, now);
            }
        }
        return Optional.ofNullable(reopen);
    }

    /** What is to be sent again is pending again. */
    void reopened() {
        reopen = null;
    }

    private void ask(UploaderSettings settings, Endpoint endpoint, long now) {
        Duration patience =
                suspicious ? settings.uploadInterval() : count < MANY ? LONGEST_UNASKED : LONGEST_UNASKED_WHEN_MANY;
        if (!passed(lastAsked, patience, now)) {
            return;
        }
        lastAsked = now;
        count = 0;
        try {
            Optional<ServerStart> start = asking.serverStart(settings, endpoint);
            unanswered = 0;
            if (start.isPresent()) {
                told(start.get(), settings.settleTime(), now);
            } else {
                untoldAt = now;
            }
        } catch (IOException e) {
            // The import was answered a moment ago. If this path never is, it is as good as none.
            unanswered++;
            if (unanswered >= MOST_UNANSWERED) {
                unanswered = 0;
                untoldAt = now;
            }
        }
    }

    private void told(ServerStart start, Duration settleTime, long now) {
        Long before = lastTold;
        if (!starts.contains(start.second())) {
            // Compared with what has passed, and not with times of the clock, which may have been set meanwhile.
            if (before == null) {
                first(start, settleTime, now);
            } else if (start.uptime().minus(SLACK).toNanos() <= now - before) {
                Instant started = timing.clock().instant().minus(start.uptime());
                Instant last = acknowledged.lastUntil(started);
                reopen = (last == null ? started : last).minus(settleTime);
            }
            // One that runs for longer is another server behind the same name.
            if (starts.size() == MOST_STARTS) {
                starts.remove(0);
            }
            starts.add(start.second());
        }
        lastTold = now;
        untoldAt = null;
        settled();
    }

    /** Of what was acknowledged before this process only the store knows. */
    private void first(ServerStart start, Duration settleTime, long now) {
        Instant started = timing.clock().instant().minus(start.uptime());
        Instant last = acknowledged.lastUntil(started);
        if (last != null) {
            reopen = last.minus(settleTime);
            return;
        }
        // By the clock of now: it may have been set since this process began, in 1970.
        Instant begin = timing.clock().instant().minusNanos(now - beginNanos);
        if (start.uptime().minus(BEFORE_THIS_PROCESS).toNanos() < now - beginNanos) {
            reopen = (started.isBefore(begin) ? started : begin).minus(BEFORE_THIS_PROCESS);
        }
    }

    private void guess(UploaderSettings settings, long now) {
        if (lost
                && beforeFailure != null
                && passed(lastGuess, settings.settleTime().multipliedBy(10), now)) {
            reopen = beforeFailure.minus(settings.settleTime());
            lastGuess = now;
        }
        settled();
    }

    private void settled() {
        suspicious = false;
        lost = false;
        answered = false;
        beforeFailure = null;
    }

    /** Another server has its own history. */
    private void of(Endpoint endpoint) {
        if (!endpoint.url().equals(server)) {
            server = endpoint.url();
            acknowledged = new AcknowledgementTimes();
            starts.clear();
            lastTold = null;
            lastAsked = null;
            untoldAt = null;
            unanswered = 0;
            settled();
        }
    }

    private static boolean passed(@Nullable Long since, Duration duration, long now) {
        return since == null || now - since >= duration.toNanos();
    }
}
