package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.health.Health;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one collector's passes, as health shows it. Not safe for use by several threads: guarded by its
 * {@link CollectorRun}.
 */
final class CollectorReport {
    enum State {
        /** No pass has ended yet. */
        FRESH,
        /** The last pass is in the store, whole. */
        FINE,
        /** The last pass is in the store, without some of its samples. */
        DROPPING,
        /** The last pass failed. */
        FAILING
    }

    private static final int NAMED = 5;

    private final SampleCounts counts = new SampleCounts();
    private final RecentDurations durations = new RecentDurations();
    private State state = State.FRESH;
    private @Nullable Instant lastSuccess;
    private int samples;
    private int consecutiveFailures;
    private String remark = "";
    private List<Diagnostic> diagnostics = List.of();
    private @Nullable String lastError;
    private @Nullable Instant lastErrorTime;

    SampleCounts counts() {
        return counts;
    }

    RecentDurations durations() {
        return durations;
    }

    State state() {
        return state;
    }

    /** Another service takes over: its state is its own, the figures go on. */
    void startAfresh() {
        state = State.FRESH;
        consecutiveFailures = 0;
        remark = "";
        diagnostics = List.of();
    }

    /** Counts a pass without a change of state. */
    void count(PassResult result) {
        counts.collected(result.samples());
        if (result.durationNanos() > 0) {
            durations.add(result.durationNanos());
        }
        result.dropped().forEach(counts::failed);
        PassResult.Failure failure = result.failure();
        if (failure != null) {
            counts.failed(failure.loss().reason(), failure.lost());
        }
    }

    /** Counts a pass and remembers how it ended. */
    void record(PassResult result) {
        count(result);
        PassResult.Failure failure = result.failure();
        if (failure != null) {
            state = State.FAILING;
            consecutiveFailures++;
            lastError = failure.message();
            lastErrorTime = result.timestamp();
            return;
        }
        state = result.dropped().isEmpty() ? State.FINE : State.DROPPING;
        consecutiveFailures = 0;
        lastSuccess = result.timestamp();
        samples = result.samples();
        remark = result.remark();
        diagnostics = result.diagnostics();
    }

    /**
     * @param rejected what is wrong with the configured ones, or empty
     * @param standby how many more services of this name there are
     * @param hungSince begin of a pass that does not return, or null
     */
    Health health(
            CollectorSettings settings, String rejected, String bundle, int standby, @Nullable Instant hungSince) {
        Map<String, Object> details = details(settings, bundle, standby);
        if (!settings.enabled()) {
            return rejected.isEmpty() ? Health.ok("turned off", details) : Health.degraded(rejected, details);
        }
        String alsoRejected = rejected.isEmpty() ? "" : "; " + rejected;
        if (hungSince != null) {
            details.put("hung_since", hungSince);
            return Health.error(
                    "hung: a pass does not return and is not repeated until it does; update or remove bundle " + bundle
                            + alsoRejected,
                    details);
        }
        if (state == State.FAILING) {
            return Health.error(
                    "the last pass failed: " + lastError + "; fix that, or turn the collector off with enabled = false"
                            + " in its .cfg" + alsoRejected,
                    details);
        }
        if (state == State.DROPPING) {
            return Health.degraded(losses(bundle) + alsoRejected, details);
        }
        if (!rejected.isEmpty()) {
            return Health.degraded(rejected, details);
        }
        return Health.ok(activity(), details);
    }

    private String losses(String bundle) {
        String leftOut = leftOut(diagnostics);
        String ofSource = leftOut.isEmpty() ? "" : "left out: " + leftOut + "; all else is collected";
        String ofBundle = remark.isEmpty() ? "" : remark + "; fix bundle " + bundle;
        return ofSource + (ofSource.isEmpty() || ofBundle.isEmpty() ? "" : "; ") + ofBundle;
    }

    private String activity() {
        if (state == State.FRESH) {
            return "the first pass is running";
        }
        String activity = samples == 0 ? "nothing to report at the moment" : "collecting";
        String notes = named(diagnostics, severity -> severity == Severity.NOTE);
        return remark.isEmpty() ? activity + (notes.isEmpty() ? "" : "; " + notes) : remark;
    }

    private Map<String, Object> details(CollectorSettings settings, String bundle, int standby) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (lastSuccess != null) {
            details.put("last_success", lastSuccess);
        }
        details.put("enabled", settings.enabled());
        details.put("samples", samples);
        details.put("consecutive_failures", consecutiveFailures);
        details.put("collected_total", counts.collectedTotal());
        details.put("failed_total", counts.failedTotal());
        if (counts.failedTotal() > 0) {
            details.put("failed_by_reason", counts.failedByReason());
        }
        if (lastError != null && lastErrorTime != null) {
            details.put("last_error", lastError);
            details.put("last_error_time", lastErrorTime);
        }
        details.put("interval_seconds", settings.interval().toMillis() / 1000.0);
        details.put("bundle", bundle);
        details.put("standby", standby);
        return details;
    }

    /** What is left out, at most five of it by name; empty if nothing is. */
    static String leftOut(List<Diagnostic> diagnostics) {
        return named(diagnostics, severity -> severity != Severity.NOTE);
    }

    private static String named(List<Diagnostic> diagnostics, Predicate<Severity> severity) {
        List<String> messages = diagnostics.stream()
                .filter(diagnostic -> severity.test(diagnostic.severity()))
                .map(Diagnostic::message)
                .toList();
        String named = messages.stream().limit(NAMED).collect(Collectors.joining("; "));
        return messages.size() > NAMED ? named + "; and " + (messages.size() - NAMED) + " more" : named;
    }
}
