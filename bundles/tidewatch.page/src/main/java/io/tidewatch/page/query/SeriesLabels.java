package io.tidewatch.page.query;

import io.tidewatch.api.store.Series;
import io.tidewatch.jsonlines.WireLabels;
import java.util.SortedMap;

/** The labels that a series has on a server. */
public final class SeriesLabels {
    private SeriesLabels() {}

    /** All of them, with {@code __name__} and {@code device_id}. */
    public static SortedMap<String, String> of(Series series) {
        SortedMap<String, String> labels = WireLabels.ofTags(series);
        labels.put(WireLabels.NAME, WireLabels.metricName(series));
        labels.put(WireLabels.DEVICE, series.deviceId());
        return labels;
    }
}
