package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.jsonlines.WireLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
    /** A retention without a unit is in months, of 31 days. */
    private static final Duration MONTH = Duration.ofDays(31);

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

    /** A duration of VictoriaMetrics: a number with h, d, w, M or y; whole months without. */
    private static Optional<Duration> duration(String value) {
        if (!value.matches("\\d{1,6}(\\.\\d{1,6})?[smhdwMy]?")) {
            return Optional.empty();
        }
        char unit = value.charAt(value.length() - 1);
        Duration one =
                switch (unit) {
                    case 's' -> Duration.ofSeconds(1);
                    case 'm' -> Duration.ofMinutes(1);
                    case 'h' -> Duration.ofHours(1);
                    case 'd' -> Duration.ofDays(1);
                    case 'w' -> Duration.ofDays(7);
                    case 'y' -> Duration.ofDays(365);
                    default -> MONTH;
                };
        double count = Double.parseDouble(Character.isDigit(unit) ? value : value.substring(0, value.length() - 1));
        return Optional.of(Duration.ofSeconds((long) (count * (double) one.toSeconds())));
    }
}
