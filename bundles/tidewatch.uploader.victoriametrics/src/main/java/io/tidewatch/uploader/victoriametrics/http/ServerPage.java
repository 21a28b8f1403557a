package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What VictoriaMetrics reports about itself on {@code /metrics} of the import URL's host, in 6 KB (1.79) to 10 KB (1.151) of
 * gzip; no more than 1 MiB of text is read.
 *
 * @param start its start; empty for vmauth, whose page is not that of the server behind it
 * @param flags values of the command line by flag, set or by default
 * @param ignored rows of all clients that it answered with 204 and did not store, by reason: {@code vm_rows_ignored_total},
 *     limits of series, overload of a cluster
 * @param invalid {@code vm_rows_invalid_total} of the import: lines of all clients that it could not parse
 * @param storageNodes number of storage nodes of vminsert; 0 for other servers
 */
public record ServerPage(
        Optional<Start> start, Map<String, String> flags, Map<String, Long> ignored, long invalid, int storageNodes) {
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_LINE = 512;
    private static final Pattern LINE = Pattern.compile("([a-z_]+)(\\{.*})? (\\d{1,15})");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,6})?)([smhdwMy]?)");

    /**
     * A server's start, as it reports it.
     *
     * @param second {@code vm_app_start_timestamp}: seconds since the epoch by the server's clock; differs between two runs of
     *     a server
     * @param uptime time since then, by the server's clock
     * @param storageErrors {@code vm_rpc_connection_errors_total} of vminsert, summed: connections to storage nodes that broke;
     *     0 for other servers
     */
    public record Start(long second, Duration uptime, long storageErrors) {}

    public static URI url(Endpoint endpoint) {
        return endpoint.url().resolve("/metrics");
    }

    /**
     * Reads the page.
     *
     * <p>Source: {@code vm_app_start_timestamp}, {@code vm_app_uptime_seconds} and {@code flag} in VictoriaMetrics,
     * {@code lib/appmetrics/appmetrics.go}.
     *
     * @return nothing if it is not one of VictoriaMetrics
     */
    public static Optional<ServerPage> read(InputStream page) throws IOException {
        Reading reading = new Reading();
        Reader text = new BufferedReader(new InputStreamReader(page, StandardCharsets.UTF_8), LONGEST_LINE);
        StringBuilder line = new StringBuilder();
        int c = 0;
        for (int read = 0; read < LONGEST && c >= 0; read++) {
            c = text.read();
            if (c == '\n' || c < 0) {
                reading.take(line);
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
        return reading.page();
    }

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

    private static final class Reading {
        private final Map<String, String> flags = new HashMap<>();
        private final Map<String, Long> ignored = new HashMap<>();
        private long start = -1;
        private long uptime = -1;
        private long invalid;
        private long storageErrors;
        private final Set<String> storageNodes = new HashSet<>();
        private boolean ofVictoriaMetrics;

        /** Whether it is vmauth's page, which never passes the question on to the server behind it. */
        private boolean ofVmauth;

        private Optional<ServerPage> page() {
            if (!ofVictoriaMetrics) {
                return Optional.empty();
            }
            boolean started = start >= 0 && uptime >= 0 && !ofVmauth;
            return Optional.of(new ServerPage(
                    started
                            ? Optional.of(new Start(start, Duration.ofSeconds(uptime), storageErrors))
                            : Optional.empty(),
                    Map.copyOf(flags),
                    Map.copyOf(ignored),
                    invalid,
                    storageNodes.size()));
        }

        private void take(CharSequence line) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                return;
            }
            String name = matcher.group(1);
            String labels = matcher.group(2) == null ? "" : matcher.group(2);
            long value = Long.parseLong(matcher.group(3));
            ofVmauth |= name.startsWith("vmauth_");
            switch (name) {
                case "vm_app_version" -> ofVictoriaMetrics = true;
                case "vm_app_start_timestamp" -> {
                    ofVictoriaMetrics = true;
                    start = value;
                }
                case "vm_app_uptime_seconds" -> uptime = value;
                case "flag" -> flags.put(label(labels, "name"), label(labels, "value"));
                case "vm_rows_ignored_total" -> ignored.merge(label(labels, "reason"), value, Long::sum);
                case "vm_hourly_series_limit_rows_dropped_total" -> ignored.put("hourly_series_limit", value);
                case "vm_daily_series_limit_rows_dropped_total" -> ignored.put("daily_series_limit", value);
                case "vm_rpc_rows_dropped_on_overload_total" -> ignored.merge("overload", value, Long::sum);
                case "vm_rows_invalid_total" -> invalid += label(labels, "type").equals("vmimport") ? value : 0;
                case "vm_rpc_connection_errors_total" -> {
                    if (label(labels, "name").equals("vminsert")) {
                        storageErrors += value;
                        storageNodes.add(label(labels, "addr"));
                    }
                }
                default -> {}
            }
        }

        private static String label(String labels, String name) {
            Matcher label = LABEL.matcher(labels);
            while (label.find()) {
                if (label.group(1).equals(name)) {
                    return label.group(2);
                }
            }
            return "";
        }
    }
}
