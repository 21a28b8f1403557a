package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.health.LogThrottle;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether uploads work: the first failed attempt makes them fail, the first acknowledgement makes them work again, and
 * nothing else does. A failure is logged when it begins and hourly while it lasts; while uploads fail and work by turns, each
 * reason once an hour.
 *
 * <p>Safe for use by several threads.
 */
public final class UploadState {
    private static final Logger LOG = LoggerFactory.getLogger(UploadState.class);

    /** A failure after so long is worth a line, however often the same was logged before. */
    private static final long STEADY = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private LogThrottle<String> throttle;

    /** Every state that there was; 1 for the present one. */
    private final Map<String, Integer> states = new TreeMap<>();

    private boolean delivering = true;
    private String server = "";
    private boolean accepted;
    private long lastAccepted;
    private @Nullable Long nextAttempt;
    private @Nullable Failure failure;
    private long workingSince;
    private long failingSince;
    private @Nullable Long loggedFailureSince;
    private Optional<String> held = Optional.empty();
    private boolean heldAnnounced;
    private boolean announced;
    private long samples;

    /**
     * The state at one moment.
     *
     * @param accepted whether this server has accepted samples since the start
     * @param sinceAccepted time since the last acknowledgement by any server; before the first one since the start
     * @param failure why uploads fail; null if they do not
     * @param held why nothing is sent at the moment, although it could be
     * @param untilAttempt time until the next attempt, if the uploader waits
     */
    public record View(
            boolean accepted,
            Duration sinceAccepted,
            @Nullable Failure failure,
            Optional<String> held,
            Optional<Duration> untilAttempt) {}

    UploadState(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.throttle = new LogThrottle<>(nanoTime);
        this.lastAccepted = nanoTime.getAsLong();
        this.workingSince = lastAccepted;
        now();
    }

    /** Uploads go to the server of these settings, or are switched off; what was known of another one does not count. */
    public synchronized void target(UploaderSettings settings) {
        String wanted = settings.endpoint().map(Endpoint::toString).orElse("");
        if (settings.delivering() && !delivering) {
            lastAccepted = nanoTime.getAsLong();
        }
        if (settings.delivering() != delivering || !wanted.equals(server)) {
            throttle = new LogThrottle<>(nanoTime);
            delivering = settings.delivering();
            server = wanted;
            accepted = false;
            announced = false;
            failure = null;
            loggedFailureSince = null;
            held = Optional.empty();
        }
        now();
    }

    public synchronized void accepted(Endpoint endpoint) {
        lastAccepted = nanoTime.getAsLong();
        if (isCurrent(endpoint)) {
            accepted = true;
            if (failure != null && !failure.reason().is(Trait.SAMPLES)) {
                works();
            }
        }
        now();
    }

    /**
     * An attempt failed. That some samples are refused is no failure of uploads, nor is what happens at a server that is no
     * longer configured.
     */
    public synchronized void attemptFailed(Failure why, Endpoint endpoint) {
        if (!why.reason().is(Trait.SAMPLES) && isCurrent(endpoint)) {
            cycleFailed(why);
        }
    }

    /**
     * A delivery, or a cycle, ended with nothing failing; perhaps because nothing was pending.
     *
     * @param uploaded samples that were accepted since the start
     */
    public synchronized void fine(long uploaded) {
        if (failure != null && failure.reason().is(Trait.SAMPLES)) {
            works();
        }
        long delivered = uploaded - samples;
        if (failure == null && loggedFailureSince != null) {
            Duration outage = Duration.ofNanos(nanoTime.getAsLong() - loggedFailureSince);
            new LogFields()
                    .with("count", delivered)
                    .with("duration_ms", outage.toMillis())
                    .during(() -> LOG.info(
                            "Uploads to {} work again after {} s; {} samples delivered since they failed",
                            server,
                            outage.toSeconds(),
                            delivered));
            loggedFailureSince = null;
            announced = true;
        } else if (failure == null && !announced && accepted) {
            LOG.info("Uploads to {} work; {} samples delivered", server, delivered);
            announced = true;
        }
        if (failure == null) {
            samples = uploaded;
        }
        now();
    }

    public synchronized void waiting(Duration duration) {
        nextAttempt = nanoTime.getAsLong() + duration.toNanos();
    }

    public synchronized void working() {
        nextAttempt = null;
    }

    /** Why nothing is sent at the moment, although it could be; or nothing. Called again and again while it lasts. */
    public synchronized void held(Optional<String> why) {
        // The first time it may be over in a moment, as it usually is at the start.
        if (why.isPresent() && held.isPresent() && !heldAnnounced) {
            heldAnnounced = true;
            LOG.info("Uploads are held: {}", why.get());
        } else if (why.isEmpty() && heldAnnounced) {
            heldAnnounced = false;
            LOG.info("Uploads are not held any more");
        }
        held = why;
        now();
    }

    public synchronized View view() {
        long now = nanoTime.getAsLong();
        return new View(
                accepted,
                Duration.ofNanos(now - lastAccepted),
                failure,
                held,
                Optional.ofNullable(nextAttempt).map(next -> Duration.ofNanos(Math.max(0, next - now))));
    }

    /** By state: 1 for the present one, 0 for those that there were since the start. */
    public synchronized Map<String, Integer> states() {
        return Map.copyOf(states);
    }

    public synchronized void cycleFailed(Failure why) {
        // A device that moves has no network for hours.
        Consumer<String> log = why.reason() == Reason.NO_NETWORK ? LOG::info : LOG::warn;
        failed(why).ifPresent(text -> new LogFields()
                .with("error_type", why.label())
                .with("error", why.message())
                .during(() -> log.accept(text)));
    }

    /** What to log of a failure, if anything. */
    synchronized Optional<String> failed(Failure why) {
        long now = nanoTime.getAsLong();
        if (failure == null) {
            failingSince = now;
            if (now - workingSince >= STEADY) {
                throttle = new LogThrottle<>(nanoTime);
            }
        }
        failure = why;
        now();
        if (!throttle.isDue(why.label())) {
            return Optional.empty();
        }
        long since = loggedFailureSince == null ? failingSince : loggedFailureSince;
        loggedFailureSince = since;
        Duration lasting = Duration.ofNanos(now - since);
        return Optional.of(
                lasting.toMinutes() == 0
                        ? "Uploads fail: " + why.message()
                        : "Uploads have failed for " + lasting.toMinutes() + " min: " + why.message());
    }

    /** The result of a request that began before the configuration changed says nothing about the present server. */
    private boolean isCurrent(Endpoint endpoint) {
        return endpoint.toString().equals(server);
    }

    private void works() {
        failure = null;
        workingSince = nanoTime.getAsLong();
    }

    private void now() {
        Failure why = failure;
        String state = !delivering ? "disabled" : why != null ? why.label() : held.isPresent() ? "holding" : "ok";
        states.replaceAll((other, value) -> 0);
        states.put(state, 1);
    }
}
