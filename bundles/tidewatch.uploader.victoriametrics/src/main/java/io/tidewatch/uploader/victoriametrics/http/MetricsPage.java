package io.tidewatch.uploader.victoriametrics.http;

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
 * Reads a server's own metrics: {@code /metrics} of the import URL's host. VictoriaMetrics answers with 6 KB (1.79) to
 * 10 KB (1.151) of gzip; no more than 1 MiB of text is read.
 *
 * <p>Source: {@code vm_app_start_timestamp}, {@code vm_app_uptime_seconds} and {@code flag} in VictoriaMetrics,
 * {@code lib/appmetrics/appmetrics.go}.
 */
public final class MetricsPage {
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_LINE = 512;
    private static final Pattern LINE = Pattern.compile("([a-z_]+)(\\{.*})? (\\d{1,15})");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

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

    private MetricsPage() {}

    /** Where the page is. */
    public static URI of(Endpoint endpoint) {
        return endpoint.url().resolve("/metrics");
    }

    /**
     * Reads the page.
     *
     * @return nothing if it is not one of VictoriaMetrics
     */
    public static Optional<ServerPage> read(InputStream page) throws IOException {
        MetricsPage reading = new MetricsPage();
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

    private Optional<ServerPage> page() {
        if (!ofVictoriaMetrics) {
            return Optional.empty();
        }
        boolean started = start >= 0 && uptime >= 0 && !ofVmauth;
        return Optional.of(new ServerPage(
                started
                        ? Optional.of(new ServerStart(start, Duration.ofSeconds(uptime), storageErrors))
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
            default -> {
                // Of no interest here.
            }
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
