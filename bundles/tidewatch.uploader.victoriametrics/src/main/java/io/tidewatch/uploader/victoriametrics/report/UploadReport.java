package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.health.LogThrottle;
import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.ForeignText;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was uploaded and what was not, in figures, beside the {@link UploadState}.
 *
 * <p>Safe for use by several threads.
 */
public final class UploadReport {
    private static final Logger LOG = LoggerFactory.getLogger(UploadReport.class);

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final UploadState state;

    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private final RecentDurations durations = new RecentDurations();
    private final DrainRate drainRate = new DrainRate();

    private long uploaded;
    private long partial;
    private long resent;
    private long stalled;
    private long sentBytes;
    private @Nullable Instant lastUpload;
    private List<String> hints = List.of();
    private final LogThrottle<String> hintThrottle;

    public UploadReport(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.state = new UploadState(nanoTime);
        this.hintThrottle = new LogThrottle<>(nanoTime);
    }

    public UploadState state() {
        return state;
    }

    /** A server has accepted samples, all of a request or a part. */
    public synchronized void accepted(boolean whole, Endpoint endpoint) {
        lastUpload = clock.instant();
        partial += whole ? 0 : 1;
        state.accepted(endpoint);
    }

    /** The store has marked samples as delivered. */
    public synchronized void uploaded(int samples) {
        uploaded += samples;
    }

    /** Samples are quarantined, and the store has committed that. */
    public synchronized void rejected(List<Rejection> rejections) {
        for (Rejection rejection : rejections) {
            boolean first = !rejected.containsKey(rejection.reason());
            rejected.merge(rejection.reason(), (long) rejection.slice().size(), Long::sum);
            if (first) {
                LOG.warn(
                        "Samples of {} are quarantined, not sent: {}; the same reason is not logged again, see"
                                + " uploader_metrics_rejected_total",
                        ForeignText.quoted(rejection.slice().samples().series().name()),
                        rejection.reason());
            }
        }
    }

    /** One request went out, of so many bytes with its head, and took so long. */
    public synchronized void sent(int bytes, Duration duration) {
        sentBytes += bytes;
        durations.add(duration.toNanos());
    }

    /** A request stalled, and the attempt goes on with another one. */
    public synchronized void stalled() {
        stalled++;
    }

    public synchronized void attemptFailed(Failure failure, Endpoint endpoint) {
        failures.merge(failure.label(), 1L, Long::sum);
        state.attemptFailed(failure, endpoint);
    }

    /** The server accepted nothing of a request that it answered with success. */
    public synchronized void nothingAccepted() {
        partial++;
    }

    /** So many samples were made pending again: the server acknowledged them since then, and may have lost them. */
    public synchronized void resent(long samples, Instant since, String server) {
        if (samples == 0) {
            // A new database, say: what the server may have lost is not of this device.
            return;
        }
        resent += samples;
        LOG.info(
                "{} was started not long ago and may have lost samples that it had in memory: resending {} samples"
                        + " acknowledged since {}",
                server,
                samples,
                since);
    }

    /** A delivery was completed, and so many samples are left. */
    public synchronized void progress(long pending) {
        drainRate.add(nanoTime.getAsLong(), uploaded, pending);
    }

    /** A delivery, or a cycle, ended with nothing failing. */
    public synchronized void fine() {
        state.fine(uploaded);
    }

    public synchronized UploaderSelf.Figures figures() {
        return new UploaderSelf.Figures(
                uploaded, failures(), partial, Map.copyOf(rejected), resent, sentBytes, state.states(), durations);
    }

    private Map<String, Long> failures() {
        Map<String, Long> all = new TreeMap<>(failures);
        if (stalled > 0) {
            all.put("stalled", stalled);
        }
        return Map.copyOf(all);
    }

    /** What the server reports about samples that it drops, one sentence each; they replace those before. */
    public synchronized void hints(List<String> found) {
        for (String hint : found) {
            if (hintThrottle.isDue(hint.replaceAll("\\d+", ""))) {
                LOG.warn("{}", hint);
            }
        }
        hints = List.copyOf(found);
    }

    public synchronized List<String> hints() {
        return hints;
    }

    /** When a server last accepted samples. */
    public synchronized Optional<Instant> lastUpload() {
        return Optional.ofNullable(lastUpload);
    }

    synchronized void totals(Map<String, Object> details) {
        details.put("uploaded_total", uploaded);
        details.put("partial_total", partial);
        details.put("rejected_total", sum(rejected));
        details.put("resent_total", resent);
        details.put("failures_total", sum(failures));
        details.put("sent_bytes_total", sentBytes);
    }

    /** Adds what is pending, and how fast it gets less, to the details of health. */
    synchronized void pending(StoreStatus store, Map<String, Object> details) {
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
}
