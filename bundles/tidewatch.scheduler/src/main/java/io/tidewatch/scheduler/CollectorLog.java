package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.config.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What the log says of collectors: changes of state, each once, with the fields that machines need. */
final class CollectorLog {
    private static final Logger LOG = LoggerFactory.getLogger(CollectorScheduler.class);

    private CollectorLog() {}

    /** Logs a pass that changed the status, or any at DEBUG. */
    static void pass(
            String name,
            CollectorReport.State before,
            CollectorReport.State after,
            PassResult result,
            Optional<UUID> session) {
        Map<String, String> fields = fields(name, result);
        session.ifPresent(id -> fields.put("session_id", id.toString()));
        with(fields, () -> {
            if (before != after) {
                change(name, before, after, result);
            }
            LOG.debug("Pass of {}: {} samples, {}", name, result.samples(), result.succeeded() ? "kept" : "failed");
        });
    }

    private static void change(
            String name, CollectorReport.State before, CollectorReport.State after, PassResult result) {
        PassResult.Failure failure = result.failure();
        if (failure != null) {
            // A throwable as the last argument brings its stack; null brings none.
            LOG.warn("Collector {} fails: {}", name, failure.message(), failure.bug());
        } else if (after == CollectorReport.State.DROPPING) {
            if (!result.remark().isEmpty()) {
                LOG.warn("Collector {} works in part: {}", name, result.remark());
            }
        } else if (before != CollectorReport.State.FRESH) {
            LOG.info("Collector {} works again, with {} samples", name, result.samples());
        }
    }

    static void damage(String name, KnownDamage.Change change) {
        for (Diagnostic begun : change.begun()) {
            String type = Loss.of(begun.severity()).reason();
            with(
                    Map.of("collector", name, "error", begun.message(), "error_type", type),
                    () -> LOG.warn("Collector {} leaves out {}: {}", name, begun.subject(), begun.message()));
        }
        change.ended()
                .forEach(subject ->
                        with(Map.of("collector", name), () -> LOG.info("Collector {} reads {} again", name, subject)));
    }

    static void leftBehind(String name, String bundle) {
        with(
                Map.of("collector", name),
                () -> LOG.warn(
                        "Collector {} of bundle {} was taken away and does not return from its pass; its thread is left"
                                + " behind",
                        name,
                        bundle));
    }

    static void rejected(String name, String message) {
        with(
                Map.of("collector", name, "error", message, "error_type", "InvalidSetting"),
                () -> LOG.error("{}", message));
    }

    static void fixed(String name, CollectorSettings settings) {
        with(
                Map.of("collector", name),
                () -> LOG.info(
                        "Configuration of collector {} is accepted again, interval {}",
                        name,
                        Setting.written(settings.interval())));
    }

    private static Map<String, String> fields(String name, PassResult result) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("collector", name);
        fields.put("count", Integer.toString(result.samples()));
        fields.put("duration_ms", Long.toString(TimeUnit.NANOSECONDS.toMillis(result.durationNanos())));
        PassResult.Failure failure = result.failure();
        if (failure != null) {
            fields.put("error", failure.message());
            fields.put("error_type", failure.errorType());
        }
        return fields;
    }

    private static void with(Map<String, String> fields, Runnable logging) {
        fields.forEach(MDC::put);
        try {
            logging.run();
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
