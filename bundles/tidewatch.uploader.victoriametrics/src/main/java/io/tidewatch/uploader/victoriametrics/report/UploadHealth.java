package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The health of the uploader, of its state and its figures. */
public final class UploadHealth {
    private UploadHealth() {}

    public static Health of(UploadReport report, UploaderSettings settings, @Nullable StoreStatus store) {
        UploadState.View state = report.state().view();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", settings.delivering());
        if (settings.delivering()) {
            details.put("server", settings.requireEndpoint().withoutQuery());
        } else {
            details.put("disabled", true);
        }
        report.lastUpload().filter(time -> state.accepted()).ifPresent(time -> details.put("last_upload_time", time));
        if (settings.delivering()) {
            details.put("time_since_upload_seconds", seconds(state.sinceAccepted()));
            details.put("upload_interval_seconds", seconds(settings.uploadInterval()));
        }
        if (store != null) {
            report.pending(store, details);
        }
        report.totals(details);
        details.put(
                "intercepted",
                state.failure() != null && state.failure().reason().is(Trait.FOREIGN));
        details.put("holding", settings.delivering() && state.held().isPresent());
        if (!report.hints().isEmpty()) {
            details.put("server_hints", report.hints());
        }
        if (state.failure() != null) {
            details.put("last_error", state.failure().message());
        }
        if (settings.delivering() && state.failure() != null) {
            state.untilAttempt().ifPresent(left -> details.put("next_attempt_seconds", seconds(left)));
        }
        return health(settings, state, store != null, details);
    }

    private static Health health(
            UploaderSettings settings, UploadState.View state, boolean stored, Map<String, Object> details) {
        if (!settings.delivering()) {
            return Health.ok(
                    settings.enabled()
                            ? "disabled: no url is set, samples are only stored"
                            : "disabled: samples are only stored",
                    details);
        }
        if (!stored) {
            return Health.degraded("there is no store to upload from: check tidewatch.store.sqlite", details);
        }
        String holding = state.held().map(why -> "holding: " + why).orElse("");
        if (state.failure() != null) {
            String failing = state.failure().message();
            return Health.degraded(holding.isEmpty() ? failing : failing + "; " + holding, details);
        }
        if (!holding.isEmpty()) {
            return Health.degraded(holding, details);
        }
        return Health.ok(
                state.accepted()
                        ? "uploads work"
                        : "nothing was uploaded to "
                                + settings.requireEndpoint().server() + " yet",
                details);
    }

    /** In whole milliseconds. */
    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
