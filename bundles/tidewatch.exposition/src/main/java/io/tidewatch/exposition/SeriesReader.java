package io.tidewatch.exposition;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes metric and tags of a series that a page names. Not safe for use by several threads. */
final class SeriesReader {
    private static final int MOST_NAMED = 3;

    /** More than a source may have series. */
    static final int MOST_METRICS = 10_000;

    private final SortedMap<String, String> labels;
    private final Map<Metric, Metric> metrics = new HashMap<>();
    private final SortedSet<String> renamed = new TreeSet<>();

    SeriesReader(SortedMap<String, String> labels) {
        this.labels = labels;
    }

    /** Returns whether values only grow: as the family says, or without one by the ending {@code _total}. */
    static Kind kindOf(String name, @Nullable MetricFamily family) {
        boolean counter = family == null ? name.endsWith("_total") : family.isCounter(name);
        return counter ? Kind.COUNTER : Kind.GAUGE;
    }

    /** @throws MalformedException if its name consists of nothing that a name may have */
    KnownSeries read(SeriesName series, Kind kind, @Nullable MetricFamily family) throws MalformedException {
        SortedMap<String, String> tags = new TreeMap<>(labels);
        series.labels().forEach((label, value) -> tags.put(legal(label, false), value));
        String clashing = tags.remove("device_id");
        if (clashing != null) {
            tags.put("exported_device_id", clashing);
            if (renamed.size() < MOST_NAMED) {
                renamed.add(series.name());
            }
        }
        String help = family == null || family.help().isBlank() ? "No help text" : family.help();
        try {
            Metric metric = Metric.foreign(legal(series.name(), true), kind, help, List.copyOf(tags.keySet()));
            return new KnownSeries(intern(metric), List.copyOf(tags.values()), family);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(1, String.valueOf(e.getMessage()));
        }
    }

    /** Returns the names of metrics whose label device_id was renamed, three at most. */
    SortedSet<String> renamed() {
        return renamed;
    }

    int size() {
        return metrics.size();
    }

    /** Forgets what it keeps for series that may be gone. */
    void forget() {
        metrics.clear();
    }

    private Metric intern(Metric metric) {
        if (metrics.size() == MOST_METRICS) {
            forget(); // a help text may be another one in each page
        }
        Metric there = metrics.putIfAbsent(metric, metric);
        return there == null ? metric : there;
    }

    /** Replaces what names of Prometheus before version 3 may not have by {@code _}, as its escaping "underscores" does. */
    private static String legal(String name, boolean colons) {
        StringBuilder legal = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colons && c == ':');
            legal.append(letter || (digit && i > 0) ? c : '_');
        }
        return legal.toString();
    }
}
