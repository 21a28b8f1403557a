package io.tidewatch.uploader.victoriametrics.report;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Lets a state be logged when it is new, and hourly while it lasts, however often it alternates with others. */
public final class LogThrottle {
    private static final long QUIET = Duration.ofHours(1).toNanos();

    private final Map<String, Long> logged = new HashMap<>();

    /**
     * Returns whether to log the state now.
     *
     * @param now monotonic nanoseconds
     */
    public boolean isDue(String state, long now) {
        Long before = logged.get(state);
        if (before != null && now - before < QUIET) {
            return false;
        }
        logged.put(state, now);
        return true;
    }
}
