package io.tidewatch.uploader.victoriametrics;

import java.util.Map;

/**
 * What was uploaded, and what was not, since the start.
 *
 * @param uploaded samples that the server accepted and the store settled; those sent again count again
 * @param failures attempts that failed, by reason
 * @param partial requests of which the server took a part
 * @param rejected samples set aside, by reason
 * @param resent samples made pending again, because the server may have lost them
 * @param sentBytes bytes of all requests, heads included
 * @param durationSeconds how long the last 256 requests took
 */
record UploadFigures(
        long uploaded,
        Map<String, Long> failures,
        long partial,
        Map<String, Long> rejected,
        long resent,
        long sentBytes,
        Durations.Percentiles durationSeconds) {}
