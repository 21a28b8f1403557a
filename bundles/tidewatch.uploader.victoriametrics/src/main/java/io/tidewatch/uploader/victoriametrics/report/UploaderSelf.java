package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.health.HealthCheck;
import java.util.Map;

/** What the uploader tells of itself. As a service it is found by the collector of this bundle. */
public interface UploaderSelf extends HealthCheck {
    /**
     * What was uploaded, and what was not, since the start.
     *
     * @param uploaded samples that the server acknowledged; resent ones count again
     * @param states by state of uploads: 1 for the present one, 0 for those that there were
     * @param durations how long requests took; it goes on
     */
    record Figures(
            long uploaded,
            Map<String, Long> failures,
            long partial,
            Map<String, Long> rejected,
            long resent,
            long sentBytes,
            Map<String, Integer> states,
            RecentDurations durations) {}

    Figures figures();
}
