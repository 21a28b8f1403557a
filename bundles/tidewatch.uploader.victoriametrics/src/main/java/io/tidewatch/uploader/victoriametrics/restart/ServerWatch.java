package io.tidewatch.uploader.victoriametrics.restart;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.answer.LostConnections;
import io.tidewatch.uploader.victoriametrics.answer.PeerIdentity;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server about itself, and resends what it may have lost in a restart: VictoriaMetrics acknowledges samples that
 * it has only in memory (1.79 lost the last 5 to 10 seconds when it was killed).
 *
 * <p>The server is asked: after the first acknowledgement of this process or when nothing is pending, after a failure of
 * the connection as soon as the server acknowledges again, after every 100 chunks, every 15 minutes, since a restart
 * between two uploads shows nowhere else, and at an orderly stop. After a restart everything is resent that was
 * acknowledged from the settle time before the previous report on: the server may have died more than once since then.
 * What was reported is kept in the store ({@link ServerHistory}). A server that does not report its start (a proxy that
 * lets only imports through) is validated by {@link LostConnections}.
 *
 * <p>Not safe for use by several threads.
 */
public final class ServerWatch {
    public interface Asking {
        /**
         * @return nothing if there is no page of VictoriaMetrics
         * @throws IOException if it cannot be asked just now
         */
        Optional<ServerPage> page(UploaderSettings settings) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);

    private static final Duration LONGEST_UNASKED = Duration.ofMinutes(15);

    /** Chunks: the store remembers the acknowledgements of a thousand, and a restart resends all of these. */
    private static final int MOST_UNASKED = 100;

    /** For so long a server that does not report its start is not asked again. */
    private static final Duration UNTOLD = Duration.ofHours(1);

    /** For so long a store remembers all acknowledgements, also those of an agent that kept no history. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** A stop does not wait longer for an answer. */
    private static final Duration LAST_QUESTION = Duration.ofMillis(1500);

    private static final int MOST_UNANSWERED = 3;

    private final Asking asking;
    private final PeerIdentity peer;
    private final UploadReport report;
    private final Timing timing;
    private final LostConnections connections = new LostConnections();
    private final ServerHistory history = new ServerHistory();
    private final ServerHints hints = new ServerHints();
    private final long beginNanos;

    private Optional<WireLimits> limits = Optional.empty();
    private boolean limitsWanted;
    private @Nullable Long lastAsked;
    private @Nullable Long untoldAt;
    private int unanswered;

    /** Acknowledged chunks since the server was last asked, and the time of the last page that was read. */
    private int count;

    private @Nullable Instant pageRead;
    private @Nullable Instant unsafe;

    public ServerWatch(Asking asking, PeerIdentity peer, UploadReport report, Timing timing) {
        this.asking = asking;
        this.peer = peer;
        this.report = report;
        this.timing = timing;
        this.beginNanos = timing.nanoTime().getAsLong();
    }

    public void acknowledged(Instant time) {
        history.acknowledged(time);
        count++;
        connections.acknowledged(time, timing.nanoTime().getAsLong());
    }

    public void failed(Failure failure) {
        connections.failed(failure, timing.nanoTime().getAsLong());
    }

    /** The limits of the server: those that it reports, or the strictest if it reports none; empty before it is asked. */
    public Optional<WireLimits> limits() {
        return limits;
    }

    /** Samples wait for the limits of the server: it is asked also if it acknowledges nothing. */
    public void wantLimits() {
        limitsWanted |= limits.isEmpty();
    }

    /** Asks an unknown peer for its metrics page; returns whether it is the server. */
    public boolean identify(UploaderSettings settings) {
        try {
            Optional<ServerPage> page = asking.page(settings);
            if (page.isPresent()) {
                pageRead = timing.clock().instant();
                peer.identifiedByPage();
            }
            return page.isPresent();
        } catch (IOException e) {
            LOG.debug(
                    "The metrics page of {} cannot be read",
                    settings.requireEndpoint().server(),
                    e);
            return false;
        }
    }

    /**
     * Makes what a restarted server may have lost pending again. Asks the server if it is time to. Abandons the delivery
     * in flight if it does something.
     *
     * @throws StoreException if it could not be made pending; the next call does it
     */
    public void resend(SampleStore current, UploaderSettings settings) throws StoreException {
        if (!history.load(current, timing)) {
            return;
        }
        // Also without samples to send: what an earlier process had acknowledged may be lost.
        boolean idle = history.unverified() && current.status().pendingSamples() == 0;
        if (unsafe == null && (connections.answered() || idle || limitsWanted)) {
            long now = timing.nanoTime().getAsLong();
            // A server that has reported its start before is asked after each lost connection.
            boolean mayReport = passed(untoldAt, UNTOLD, now) || (connections.suspicious() && !history.isEmpty());
            if (mayReport && passed(lastAsked, patience(settings), now)) {
                ask(current, settings, now);
            }
            if (untoldAt != null) {
                Optional<Instant> before = connections.guess(settings.settleTime(), now);
                unsafe = settings.settleTime().isZero() ? unsafe : before.orElse(unsafe);
            }
        }
        resendUnsafe(current, settings);
    }

    /**
     * Asks once more before the agent stops, for at most 1.5 seconds, unless the server did not answer of late or has
     * acknowledged nothing since it was asked. What it lost is pending again for the next start.
     */
    public void stopping(SampleStore current, UploaderSettings settings) throws StoreException {
        if (!history.load(current, timing)) {
            return;
        }
        if (unsafe == null && connections.answered() && count > 0 && untoldAt == null) {
            ask(current, settings.withTimeout(LAST_QUESTION), timing.nanoTime().getAsLong());
        }
        resendUnsafe(current, settings);
    }

    private void resendUnsafe(SampleStore current, UploaderSettings settings) throws StoreException {
        Instant from = unsafe;
        if (from != null) {
            Instant since = from.minus(settings.settleTime());
            report.resent(
                    current.resend(UploaderSettings.DESTINATION, since),
                    since,
                    settings.requireEndpoint().server());
        }
        unsafe = null;
        // Only now: a process that is killed before resends it at its next start.
        history.save(current);
    }

    private Duration patience(UploaderSettings settings) {
        return connections.suspicious()
                        || history.unverified()
                        || limitsWanted
                        || unanswered > 0
                        || count >= MOST_UNASKED
                ? settings.uploadInterval()
                : LONGEST_UNASKED;
    }

    private void ask(SampleStore current, UploaderSettings settings, long now) {
        lastAsked = now;
        count = 0;
        Instant wall = timing.clock().instant();
        try {
            Optional<ServerPage> page = asking.page(settings);
            if (page.isEmpty()) {
                distrust();
                // A server that has reported its start does it again: its token is being changed, or a proxy is ill.
                withoutPage(history.isEmpty() ? MOST_UNANSWERED : 1, now);
                return;
            }
            unanswered = 0;
            pageRead = wall;
            peer.page(true);
            report.hints(hints.of(page.get(), current.status().oldestPending(), wall));
            limits = Optional.of(page.get().limits());
            limitsWanted = false;
            page.get().start().ifPresentOrElse(start -> reported(start, settings, wall, now), () -> untoldAt = now);
        } catch (IOException e) {
            if (withoutPage(connections.answered() ? 1 : 0, now)) {
                distrust();
            }
        }
    }

    /**
     * The server did not answer. It answered the import a moment ago: a path that is never answered counts as absent.
     *
     * @param questions for how many it counts
     * @return whether it is not asked any more for a while
     */
    private boolean withoutPage(int questions, long now) {
        unanswered += questions;
        if (unanswered < MOST_UNANSWERED) {
            return false;
        }
        unanswered = 0;
        untoldAt = now;
        limits = Optional.of(WireLimits.STRICTEST);
        limitsWanted = false;
        return true;
    }

    /** What was accepted for the sake of a page that is gone was perhaps accepted by another peer. */
    private void distrust() {
        if (peer.isKnownByPage() && pageRead != null) {
            unsafe = pageRead;
        }
        peer.page(false);
    }

    private void reported(ServerPage.Start start, UploaderSettings settings, Instant wall, long now) {
        boolean first = history.isEmpty();
        Instant lost =
                history.reported(start, connections.suspicious(), wall, now).orElse(null);
        if (first && start.uptime().minus(REMEMBERED).toNanos() < now - beginNanos) {
            // Of what an agent without a history had acknowledged only the store knows. Power cuts hit both.
            Instant started = wall.minus(start.uptime());
            Instant begin = wall.minusNanos(now - beginNanos);
            lost = (started.isBefore(begin) ? started : begin).minus(REMEMBERED);
        }
        if (lost != null && !settings.settleTime().isZero()) {
            unsafe = lost;
        }
        untoldAt = null;
        connections.concluded();
    }

    /** From now on another URL is asked. It may be the same server by another name: its history goes on. */
    public void forget() {
        peer.forget();
        limits = Optional.empty();
        limitsWanted = false;
        lastAsked = null;
        untoldAt = null;
        unanswered = 0;
        pageRead = null;
        connections.concluded();
    }

    private static boolean passed(@Nullable Long since, Duration duration, long now) {
        return since == null || now - since >= duration.toNanos();
    }
}
