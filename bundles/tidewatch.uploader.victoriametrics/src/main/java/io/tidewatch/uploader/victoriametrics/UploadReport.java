package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the uploader knows of itself: told by its thread, asked by health, logged when the state changes.
 *
 * <p>Safe for use by several threads.
 */
final class UploadReport {
    private static final Logger LOG = LoggerFactory.getLogger(UploadReport.class);

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Set<String> loggedReasons = new HashSet<>();

    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final RecentDurations durations = new RecentDurations();
    private final DrainRate drainRate = new DrainRate();

    private long uploaded;
    private long partial;
    private long resent;
    private long sentBytes;
    private @Nullable Instant lastUpload;
    private long lastFine;
    private @Nullable Long nextAttempt;
    private @Nullable Failure failure;
    private Optional<String> held = Optional.empty();
    private boolean heldAnnounced;
    private long outageStart;
    private long uploadedBeforeOutage;
    private boolean announced;
    private @Nullable Long goodSince;

    /**
     * @param clock the time of the device
     * @param nanoTime monotonic nanoseconds
     */
    UploadReport(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastFine = nanoTime.getAsLong();
    }

    /** The server has accepted samples, and the store knows. */
    synchronized void uploaded(int samples, Instant time) {
        uploaded += samples;
        lastUpload = time;
    }

    /** Samples were set aside, and the store knows. */
    synchronized void rejected(List<Rejection> rejections) {
        for (Rejection rejection : rejections) {
            rejected.merge(rejection.reason(), (long) rejection.slice().size(), Long::sum);
            if (loggedReasons.add(rejection.reason())) {
                LOG.warn(
                        "Samples of {} are set aside, not sent: {}; the same reason is not logged again",
                        Classification.quoted(
                                rejection.slice().samples().series().name()),
                        rejection.reason());
            }
        }
    }

    /** One request went out, of so many bytes with its head, and took so long. */
    synchronized void sent(int bytes, Duration duration) {
        sentBytes += bytes;
        durations.add(duration.toNanos());
    }

    /** One attempt failed. */
    synchronized void attemptFailed(String reason) {
        failures.merge(reason, 1L, Long::sum);
    }

    /** The server took a part of a request. */
    synchronized void partial() {
        partial++;
    }

    /** So many samples were made pending again: the server acknowledged them since then, and may have lost them. */
    synchronized void resent(long samples, Instant since, String server) {
        resent += samples;
        LOG.info(
                "{} was started not long ago and may have lost what it held in memory: {} samples that it acknowledged"
                        + " since {} are sent again",
                server,
                samples,
                since);
    }

    /** A delivery was settled, and so many samples are left. */
    synchronized void progress(long pending) {
        drainRate.add(nanoTime.getAsLong(), uploaded, pending);
    }

    /**
     * A delivery went through, in a cycle that goes on: draining a long backlog takes many intervals, and is no failure.
     *
     * @param interval when this went on for so long, uploads work again
     */
    synchronized void delivered(String server, Duration interval) {
        long now = nanoTime.getAsLong();
        Long since = goodSince;
        if (failure == null) {
            lastFine = now;
        } else if (since == null) {
            goodSince = now;
        } else if (now - since >= interval.toNanos()) {
            cycleFine(server);
        }
    }

    /** What was counted. */
    synchronized UploadFigures figures() {
        return new UploadFigures(
                uploaded, Map.copyOf(failures), partial, Map.copyOf(rejected), resent, sentBytes, durations);
    }

    /** A cycle ended with nothing failing; perhaps because nothing was pending. */
    synchronized void cycleFine(String server) {
        lastFine = nanoTime.getAsLong();
        goodSince = null;
        if (failure != null) {
            long samples = uploaded - uploadedBeforeOutage;
            Duration outage = Duration.ofNanos(lastFine - outageStart);
            new LogFields()
                    .with("count", samples)
                    .with("duration_ms", outage.toMillis())
                    .during(() -> LOG.info(
                            "Uploads to {} work again after {} s; {} samples delivered since they failed",
                            server,
                            outage.toSeconds(),
                            samples));
            announced = true;
            failure = null;
        } else if (!announced && uploaded > 0) {
            LOG.info("Uploads to {} work; {} samples delivered", server, uploaded);
            announced = true;
        }
    }

    /** A cycle ended with something failing. */
    synchronized void cycleFailed(Failure why) {
        Failure before = failure;
        failure = why;
        goodSince = null;
        if (before == null) {
            outageStart = nanoTime.getAsLong();
            uploadedBeforeOutage = uploaded;
        }
        if (before == null || !before.label().equals(why.label())) {
            String state = before == null ? "fail" : "still fail, differently";
            new LogFields()
                    .with("error_type", why.label())
                    .with("error", why.message())
                    .during(() -> LOG.info("Uploads {}: {}", state, why.message()));
        }
    }

    /** The thread waits. */
    synchronized void waiting(Duration duration) {
        nextAttempt = nanoTime.getAsLong() + duration.toNanos();
    }

    /** The thread works. */
    synchronized void working() {
        nextAttempt = null;
    }

    /** Why nothing is sent at the moment, although it could be; or nothing. Told again and again while it lasts. */
    synchronized void held(Optional<String> why) {
        // The first time it may be over in a moment, as it usually is at the start.
        if (why.isPresent() && held.isPresent() && !heldAnnounced) {
            heldAnnounced = true;
            LOG.info("Uploads are held: {}", why.get());
        } else if (why.isEmpty() && heldAnnounced) {
            heldAnnounced = false;
            LOG.info("Uploads are not held any more");
        }
        if (why.isEmpty() && held.isPresent()) {
            lastFine = nanoTime.getAsLong();
        }
        held = why;
    }

    /** Uploads were switched on or off: what was before no longer counts. */
    synchronized void switched() {
        failure = null;
        held = Optional.empty();
        announced = false;
        lastFine = nanoTime.getAsLong();
    }

    /**
     * The state right now.
     *
     * @param settings what is in force
     * @param store the store in figures; null if there is none
     */
    synchronized Health health(UploaderSettings settings, @Nullable StoreStatus store) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", settings.delivering());
        if (!settings.delivering()) {
            details.put("disabled", true);
        }
        if (lastUpload != null) {
            details.put("last_upload_time", lastUpload);
        }
        if (settings.delivering()) {
            details.put("time_since_upload_seconds", seconds(nanoTime.getAsLong() - lastFine));
            details.put(
                    "upload_interval_seconds", seconds(settings.uploadInterval().toNanos()));
        }
        if (store != null) {
            pending(store, details);
        }
        details.put("uploaded_total", uploaded);
        details.put("partial_total", partial);
        details.put("rejected_total", sum(rejected));
        details.put("resent_total", resent);
        details.put("failures_total", sum(failures));
        details.put("sent_bytes_total", sentBytes);
        details.put("intercepted", failure != null && failure.reason() == Reason.INTERCEPTED);
        details.put("holding", settings.delivering() && held.isPresent());
        if (failure != null) {
            details.put("last_error", failure.message());
        }
        if (settings.delivering() && failure != null && nextAttempt != null) {
            details.put("next_attempt_seconds", seconds(Math.max(0, nextAttempt - nanoTime.getAsLong())));
        }
        if (!settings.delivering()) {
            return Health.ok(
                    settings.enabled()
                            ? "disabled: no url is set, samples are only stored"
                            : "disabled: samples are only stored",
                    details);
        }
        if (store == null) {
            return Health.degraded("there is no store to upload from: check tidewatch.store.sqlite", details);
        }
        if (held.isPresent()) {
            return Health.degraded("holding: " + held.get(), details);
        }
        if (failure != null) {
            return Health.degraded(failure.message(), details);
        }
        return Health.ok(lastUpload == null ? "nothing uploaded yet" : "uploads work", details);
    }

    private void pending(StoreStatus store, Map<String, Object> details) {
        long now = nanoTime.getAsLong();
        details.put("pending_count", store.pendingSamples());
        store.oldestPending()
                .ifPresent(oldest -> details.put(
                        "oldest_pending_seconds",
                        Math.max(0, Duration.between(oldest, clock.instant()).toSeconds())));
        drainRate
                .uploadedPerSecond(now)
                .ifPresent(rate -> details.put("samples_per_second", Math.round(rate * 10) / 10.0));
        drainRate
                .untilDrained(now, store.pendingSamples())
                .ifPresent(left -> details.put("drained_in_seconds", left.toSeconds()));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** In whole milliseconds. */
    private static double seconds(long nanos) {
        return Duration.ofNanos(nanos).toMillis() / 1e3;
    }
}
