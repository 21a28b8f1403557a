package io.tidewatch.jsonlines;

import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import java.util.SortedMap;
import java.util.TreeMap;

/** The name and the labels that a series has in a line. */
public final class WireLabels {
    public static final String NAME = "__name__";

    public static final String DEVICE = "device_id";

    private WireLabels() {}

    /** Name of the metric in a line, see {@link PrometheusName#of}. */
    public static String metricName(Series series) {
        return PrometheusName.of(series.name(), series.kind(), series.unit());
    }

    /**
     * Tags as labels, without {@link #NAME} and {@link #DEVICE}; those without a value are left out, since the server
     * would remove them anyway.
     */
    public static SortedMap<String, String> ofTags(Series series) {
        SortedMap<String, String> labels = new TreeMap<>();
        series.tags().forEach((name, value) -> {
            if (!value.isEmpty()) {
                labels.put(PrometheusName.ofTag(name), value);
            }
        });
        return labels;
    }

    /** Whether the server would take two series for one. */
    public static boolean same(Series one, Series other) {
        return one.deviceId().equals(other.deviceId())
                && metricName(one).equals(metricName(other))
                && ofTags(one).equals(ofTags(other));
    }
}
