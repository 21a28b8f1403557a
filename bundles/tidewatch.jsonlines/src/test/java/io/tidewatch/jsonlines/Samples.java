package io.tidewatch.jsonlines;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import java.util.Map;
import java.util.TreeMap;

/** Samples for the tests. */
final class Samples {
    private Samples() {}

    static Series series(String name, Map<String, String> tags) {
        return new Series(name, Kind.GAUGE, Unit.NONE, "rig-1", new TreeMap<>(tags), Priority.NORMAL);
    }

    /** Samples a second apart, from second 1 on. */
    static SeriesSamples samples(Series series, double... values) {
        long[] timestamps = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            timestamps[i] = (i + 1) * 1000L;
        }
        return new SeriesSamples(series, timestamps, values);
    }
}
