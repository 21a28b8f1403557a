package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.StoreStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the uploader has achieved since it started, for health and for metrics. Written by the uploader's thread, read
 * by any.
 */
final class UploadProgress {
    private final Clock clock;
    private final long startedNanos = System.nanoTime();
    private final Map<String, Long> failures = new TreeMap<>();
    private final Map<String, Long> rejected = new TreeMap<>();
    private long uploaded;
    private long partial;
    private long sentBytes;
    private long lastGoodNanos = startedNanos;
    private @Nullable Instant lastUpload;
    private @Nullable String lastError;
    private boolean intercepted;
    private long nextAttemptNanos;

    UploadProgress(Clock clock) {
        this.clock = clock;
    }

    /** A chunk was sent. */
    synchronized void sent(int bytes, Answer answer) {
        sentBytes += bytes;
        intercepted = answer.verdict() == Answer.Verdict.INTERCEPTED;
        if (answer.verdict() == Answer.Verdict.PARTIAL) {
            partial++;
        }
        if (!answer.isAccepted()) {
            failed(answer.reason(), answer.explanation());
        }
    }

    /** Something went wrong; counted by the reason, shown by the explanation. */
    synchronized void failed(String reason, String explanation) {
        failures.merge(reason, 1L, Long::sum);
        lastError = explanation;
    }

    /** The store has noted samples as delivered. */
    synchronized void uploaded(int samples) {
        uploaded += samples;
        lastUpload = clock.instant();
    }

    /** The store has set samples aside. */
    synchronized void rejected(String reason, int samples) {
        rejected.merge(reason, (long) samples, Long::sum);
    }

    /** A cycle left nothing undelivered that it tried to deliver. */
    synchronized void cycleSucceeded() {
        lastGoodNanos = System.nanoTime();
        lastError = null;
        intercepted = false;
    }

    /** When the next attempt will be made. */
    synchronized void nextAttemptIn(Duration wait) {
        nextAttemptNanos = System.nanoTime() + wait.toNanos();
    }

    /** Whether the last attempt failed. */
    synchronized boolean isFailing() {
        return lastError != null;
    }

    /** Samples that the server accepted and the store has noted, since the start. */
    synchronized long uploaded() {
        return uploaded;
    }

    /** What health shows while uploads are on. */
    synchronized Health health(Duration interval, @Nullable StoreStatus store) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", true);
        if (lastUpload != null) {
            details.put("last_upload_time", lastUpload);
        }
        details.put("time_since_upload_seconds", seconds(System.nanoTime() - lastGoodNanos));
        details.put("upload_interval_seconds", interval.toMillis() / 1000.0);
        if (store != null) {
            details.put("pending_count", store.pendingSamples());
            store.oldestPending()
                    .ifPresent(oldest -> details.put(
                            "oldest_pending_seconds",
                            Math.max(
                                    0, Duration.between(oldest, clock.instant()).toSeconds())));
        }
        details.put("uploaded_total", uploaded);
        details.put("partial_success_total", partial);
        details.put("failures_total", Map.copyOf(failures));
        details.put("rejected_total", Map.copyOf(rejected));
        details.put("sent_bytes_total", sentBytes);
        details.put("intercepted", intercepted);
        if (lastError == null) {
            return Health.ok(lastUpload == null ? "Nothing uploaded yet" : "Uploads arrive", details);
        }
        details.put("last_error", lastError);
        details.put("next_attempt_seconds", Math.max(0, seconds(nextAttemptNanos - System.nanoTime())));
        return Health.degraded(lastError, details);
    }

    private static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) / 1000.0;
    }
}
