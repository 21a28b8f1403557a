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
 * Reads from a server's own metrics when it was started, and how: {@code /metrics} of the import URL's host.
 * VictoriaMetrics 1.79 answers with 6 KB of gzip; it is read up to the lines that are looked for, and never past 1 MiB of
 * text.
 *
 * <p>Source: {@code vm_app_start_timestamp}, {@code vm_app_uptime_seconds} and {@code flag} in VictoriaMetrics,
 * {@code lib/appmetrics/appmetrics.go}.
 */
final class MetricsPage {
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_LINE = 512;
    private static final Pattern FLAG = Pattern.compile("flag\\{name=\"([^\"]+)\", ?value=\"([^\"]*)\".*} 1");
    private static final Pattern START = Pattern.compile("vm_app_start_timestamp (\\d{1,12})");
    private static final Pattern UPTIME = Pattern.compile("vm_app_uptime_seconds (\\d{1,12})");

    /** Begins lines on the page of vmauth only, which answers for itself and never passes the question on. */
    private static final Pattern OF_VMAUTH = Pattern.compile("vmauth_");

    private MetricsPage() {}

    /** Reads the page. */
    interface Reading<T> {
        /** @return nothing if it does not say */
        Optional<T> read(InputStream page) throws IOException;
    }

    /** Takes a line. */
    private interface Lines {
        /** @return false if no more are wanted */
        boolean take(CharSequence line);
    }

    /** Where the page is. */
    static URI of(Endpoint endpoint) {
        return endpoint.url().resolve("/metrics");
    }

    /**
     * Reads the page.
     *
     * @return nothing if it does not say, or speaks for vmauth and not for the server behind it
     */
    static Optional<ServerStart> read(InputStream page) throws IOException {
        long[] found = {-1, -1};
        read(page, line -> {
            if (OF_VMAUTH.matcher(line).lookingAt()) {
                return false;
            }
            found[0] = Math.max(found[0], number(START, line));
            found[1] = Math.max(found[1], number(UPTIME, line));
            return found[0] < 0 || found[1] < 0;
        });
        return found[0] < 0 || found[1] < 0
                ? Optional.empty()
                : Optional.of(new ServerStart(found[0], Duration.ofSeconds(found[1])));
    }

    /**
     * Reads the value of a flag of the server's command line, set or by default.
     *
     * @param name without the hyphen
     * @return nothing if the page has none of that name
     */
    static Optional<String> flag(InputStream page, String name) throws IOException {
        String[] found = new String[1];
        read(page, line -> {
            Matcher matcher = FLAG.matcher(line);
            if (matcher.matches() && matcher.group(1).equals(name)) {
                found[0] = matcher.group(2);
            }
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }

    private static void read(InputStream page, Lines lines) throws IOException {
        Reader text = new BufferedReader(new InputStreamReader(page, StandardCharsets.UTF_8), LONGEST_LINE);
        StringBuilder line = new StringBuilder();
        for (int read = 0; read < LONGEST; read++) {
            int c = text.read();
            if (c == '\n' || c < 0) {
                if (!lines.take(line) || c < 0) {
                    return;
                }
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) c);
            }
        }
    }

    private static long number(Pattern pattern, CharSequence line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
