package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.collector.RecentDurations;
import java.util.Map;

/**
 * What was uploaded, and what was not, since the start.
 *
 * @param uploaded samples that the server acknowledged; resent ones count again
 * @param states by state of uploads: 1 for the present one, 0 for those that there were
 * @param durations how long requests took; it goes on
 */
public record UploadFigures(
        long uploaded,
        Map<String, Long> failures,
        long partial,
        Map<String, Long> rejected,
        long resent,
        long sentBytes,
        Map<String, Integer> states,
        RecentDurations durations) {}
