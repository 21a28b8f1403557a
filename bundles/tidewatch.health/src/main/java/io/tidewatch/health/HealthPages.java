package io.tidewatch.health;

import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is answered to which request, without HTTP's mechanics. */
record HealthPages(Supplier<Report> report, Supplier<List<BundleInventory.State>> bundles) {
    static final String ALLOWED = "GET, HEAD";

    /** Answered elsewhere: it is long, and no JSON. */
    static final String METRICS = "/metrics";

    private static final List<String> PATHS = List.of("/health", "/health/live", "/health/ready", "/bundles", METRICS);

    /** All that {@code /health} shows; no id while there is no device service. */
    record Report(
            HealthRules.Verdict verdict,
            Instant time,
            Duration uptime,
            String version,
            @Nullable String deviceId,
            Map<String, String> folders) {}

    /**
     * @param status status code; 405 comes with {@code Allow:} {@link #ALLOWED}
     * @param body JSON; left out for HEAD, which has its length only
     */
    record Answer(int status, String body) {}

    static boolean isAllowed(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Whether it is the path of a page with a slash too many at its end. */
    static boolean isPageBut(String path) {
        return path.endsWith("/") && PATHS.contains(path.substring(0, path.length() - 1));
    }

    Answer noMetrics(String reason) {
        return new Answer(503, HealthJson.error(503, reason));
    }

    /** All but {@link #METRICS} for those who may have it; the path is decoded, with its leading slash. */
    Answer answer(String method, String path) {
        if (!PATHS.contains(path)) {
            return new Answer(404, HealthJson.error(404, "not found; there are " + String.join(", ", PATHS)));
        }
        if (!isAllowed(method)) {
            return new Answer(405, HealthJson.error(405, "method not allowed; use GET or HEAD"));
        }
        return switch (path) {
            case "/bundles" -> new Answer(200, HealthJson.bundles(bundles.get()));
            case "/health/live" -> new Answer(200, HealthJson.alive());
            case "/health/ready" -> {
                HealthRules.Verdict now = report.get().verdict();
                yield new Answer(now.ready() ? 200 : 503, HealthJson.readiness(now));
            }
            default -> {
                Report now = report.get();
                yield new Answer(now.verdict().status() == Status.ERROR ? 503 : 200, HealthJson.report(now));
            }
        };
    }
}
