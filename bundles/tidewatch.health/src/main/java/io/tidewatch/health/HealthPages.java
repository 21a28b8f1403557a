package io.tidewatch.health;

import io.tidewatch.api.health.Status;
import java.util.function.Supplier;

/** What is answered to which request, without HTTP's mechanics. */
final class HealthPages {
    /** The methods that every page has. */
    static final String ALLOWED = "GET, HEAD";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    /**
     * An answer.
     *
     * @param status status code; 405 comes with {@code Allow:} {@link #ALLOWED}
     * @param body JSON; left out, with its length told, for HEAD
     */
    record Answer(int status, String body) {}

    private final Supplier<HealthReport> report;
    private final HealthJson json = new HealthJson();

    /** @param report asks the components, at each call */
    HealthPages(Supplier<HealthReport> report) {
        this.report = report;
    }

    /**
     * @param method as in the request line
     * @param path decoded path, with its leading slash
     */
    Answer answer(String method, String path) {
        boolean known = path.equals("/health") || path.equals("/health/live") || path.equals("/health/ready");
        if (!known) {
            return new Answer(
                    NOT_FOUND, json.error(NOT_FOUND, "not found; there are /health, /health/live, /health/ready"));
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return new Answer(
                    METHOD_NOT_ALLOWED, json.error(METHOD_NOT_ALLOWED, "method not allowed; use GET or HEAD"));
        }
        if (path.equals("/health/live")) {
            return new Answer(OK, json.alive());
        }
        HealthReport now = report.get();
        if (path.equals("/health/ready")) {
            return new Answer(now.verdict().ready() ? OK : UNAVAILABLE, json.readiness(now.verdict()));
        }
        return new Answer(now.verdict().status() == Status.ERROR ? UNAVAILABLE : OK, json.report(now));
    }
}
