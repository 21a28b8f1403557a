package io.tidewatch.uploader.victoriametrics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads from a server's own metrics when it was started: {@code /metrics} of the import URL's host. VictoriaMetrics 1.79
 * answers with 6 KB of gzip; it is read up to the lines that are looked for, and never past 1 MiB of text.
 *
 * <p>Source: {@code vm_app_start_timestamp} and {@code vm_app_uptime_seconds} in VictoriaMetrics,
 * {@code lib/appmetrics/appmetrics.go}.
 */
final class MetricsPage {
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_LINE = 512;
    private static final Pattern START = Pattern.compile("vm_app_start_timestamp (\\d{1,12})");
    private static final Pattern UPTIME = Pattern.compile("vm_app_uptime_seconds (\\d{1,12})");

    private MetricsPage() {}

    /** Where the page is. */
    static URI of(Endpoint endpoint) {
        return endpoint.url().resolve("/metrics");
    }

    /**
     * Reads the page.
     *
     * @return nothing if it does not say
     */
    static Optional<ServerStart> read(InputStream page) throws IOException {
        Reader text = new BufferedReader(new InputStreamReader(page, StandardCharsets.UTF_8), LONGEST_LINE);
        StringBuilder line = new StringBuilder();
        long start = -1;
        long uptime = -1;
        for (int read = 0; read < LONGEST && (start < 0 || uptime < 0); read++) {
            int c = text.read();
            if (c < 0) {
                break;
            }
            if (c == '\n') {
                start = Math.max(start, number(START, line));
                uptime = Math.max(uptime, number(UPTIME, line));
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
        return start < 0 || uptime < 0
                ? Optional.empty()
                : Optional.of(new ServerStart(start, Duration.ofSeconds(uptime)));
    }

    private static long number(Pattern pattern, CharSequence line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
