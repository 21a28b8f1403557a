package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.jsonlines.WireLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What VictoriaMetrics reports about itself on {@code /metrics}.
 *
 * @param start its start; empty for vmauth, whose page is not that of the server behind it
 * @param flags values of the command line by flag, set or by default
 * @param ignored rows of all clients that it answered with 204 and did not store, by reason: {@code vm_rows_ignored_total},
 *     limits of series, overload of a cluster
 * @param invalid {@code vm_rows_invalid_total} of the import: lines of all clients that it could not parse
 * @param storageNodes number of storage nodes of vminsert; 0 for other servers
 */
public record ServerPage(
        Optional<ServerStart> start,
        Map<String, String> flags,
        Map<String, Long> ignored,
        long invalid,
        int storageNodes) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)([smhdwMy]?)");

    /** The time for which samples are kept; empty if the page has no such flag. */
    public Optional<Duration> retention() {
        return Optional.ofNullable(flags.get("retentionPeriod")).flatMap(ServerPage::duration);
    }

    /** The age at which samples are no longer accepted; empty if there is no limit but the retention. */
    public Optional<Duration> maxBackfillAge() {
        return Optional.ofNullable(flags.get("maxBackfillAge"))
                .filter(value -> !value.matches("0+[a-zA-Z]*"))
                .flatMap(ServerPage::duration);
    }

    /** {@code -dedup.minScrapeInterval}; empty for a server that does not store, as a proxy or a part of a cluster. */
    public Optional<String> dedupInterval() {
        return start.flatMap(known -> Optional.ofNullable(flags.get("dedup.minScrapeInterval")));
    }

    /** {@code -replicationFactor} of vminsert; empty for other servers. */
    public Optional<Integer> replicationFactor() {
        return Optional.ofNullable(flags.get("replicationFactor"))
                .filter(value -> storageNodes > 0 && value.matches("\\d{1,4}"))
                .map(Integer::valueOf);
    }

    /** The limits on labels: series over them are ignored, or their labels cut, with 204. */
    public WireLimits limits() {
        return new WireLimits(
                number("maxLabelsPerTimeseries", WireLimits.STRICTEST.labels()),
                number("maxLabelValueLen", WireLimits.STRICTEST.valueBytes()));
    }

    private int number(String flag, int unknown) {
        String value = flags.getOrDefault(flag, "");
        // 0 switches a limit off, and a page may say anything.
        return value.matches("[1-9]\\d{0,6}") ? Integer.parseInt(value) : unknown;
    }

    /** A duration of VictoriaMetrics: a number with s, m, h, d, w, M (31 days) or y; in months without. */
    private static Optional<Duration> duration(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double seconds =
                switch (matcher.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3600;
                    case "d" -> 86_400;
                    case "w" -> 7 * 86_400;
                    case "y" -> 365 * 86_400;
                    default -> 31 * 86_400;
                };
        return Optional.of(Duration.ofSeconds((long) (Double.parseDouble(matcher.group(1)) * seconds)));
    }
}
