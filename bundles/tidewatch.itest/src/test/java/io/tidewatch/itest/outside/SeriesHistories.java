package io.tidewatch.itest.outside;

import io.tidewatch.testing.server.ReceivedSample;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The result of each series, in a form that does not depend on when and how often the agent looked: its values in the
 * order of time, neighbours that are equal only once. {@code absent} stands for passes of the collector in which the
 * series was not reported although others were.
 *
 * <pre>
 * network_rx_bytes_total{device_id="golden",interface="wwan1"} 871190215 absent
 * </pre>
 *
 * <p>Series of the agent itself are left out, as they are other ones in every run.
 */
final class SeriesHistories {
    /** What stands for passes without the series. */
    static final String ABSENT = "absent";

    /** What stands for a value of the machine that the test runs on. */
    static final String MASK = "*";

    private static final Pattern MASKED = Pattern.compile("filesystem_(size_bytes|available_bytes|used_percent)");

    private final SortedMap<String, SortedMap<Long, String>> valuesBySeries = new TreeMap<>();
    private final Map<String, String> bundleBySeries = new HashMap<>();
    private final Map<String, SortedSet<Long>> passesByBundle = new HashMap<>();

    /**
     * @param samples in any order, some of them repeatedly
     * @param metrics which bundle reports what
     */
    SeriesHistories(Collection<ReceivedSample> samples, DocumentedMetrics metrics) {
        for (ReceivedSample sample : samples) {
            BundleReadme readme = metrics.readmeOf(sample.name());
            if (readme.isOfMachine()) {
                String series = series(sample);
                valuesBySeries.computeIfAbsent(series, key -> new TreeMap<>()).put(sample.timestamp(), value(sample));
                bundleBySeries.put(series, readme.bundle());
                passesByBundle
                        .computeIfAbsent(readme.bundle(), key -> new TreeSet<>())
                        .add(sample.timestamp());
            }
        }
    }

    /** One line for each series, sorted. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        valuesBySeries.forEach((series, values) -> {
            SortedSet<Long> passes = passesByBundle.get(bundleBySeries.get(series));
            lines.add(series + " " + String.join(" ", history(passes, values)));
        });
        return lines;
    }

    private static List<String> history(SortedSet<Long> passes, Map<Long, String> values) {
        List<String> history = new ArrayList<>();
        for (Long pass : passes) {
            String value = values.getOrDefault(pass, ABSENT);
            if (history.isEmpty() || !history.get(history.size() - 1).equals(value)) {
                history.add(value);
            }
        }
        return history;
    }

    private static String series(ReceivedSample sample) {
        StringBuilder series = new StringBuilder(sample.name()).append('{');
        sample.labels().forEach((label, text) -> {
            if (!label.equals(ReceivedSample.NAME)) {
                series.append(series.charAt(series.length() - 1) == '{' ? "" : ",")
                        .append(label)
                        .append("=\"")
                        .append(text.replace("\\", "\\\\").replace("\"", "\\\""))
                        .append('"');
            }
        });
        return series.append('}').toString();
    }

    private static String value(ReceivedSample sample) {
        return MASKED.matcher(sample.name()).matches()
                ? MASK
                : BigDecimal.valueOf(sample.value()).stripTrailingZeros().toPlainString();
    }
}
