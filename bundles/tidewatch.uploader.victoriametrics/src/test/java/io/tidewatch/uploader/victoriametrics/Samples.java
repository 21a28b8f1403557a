package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Samples for the tests of this package. */
final class Samples {
    private Samples() {}

    static Series series(String name, Map<String, String> tags) {
        return new Series(name, Kind.GAUGE, Unit.NONE, "rig", new TreeMap<>(tags), Priority.NORMAL);
    }

    /** A series with this many samples, a second apart from 1,000,000,000 ms on. */
    static SeriesSamples samples(String name, int count) {
        long[] timestamps = new long[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            timestamps[i] = 1_000_000_000L + 1000L * i;
            values[i] = i + 0.25;
        }
        return new SeriesSamples(series(name, Map.of()), timestamps, values);
    }

    static Delivery delivery(SeriesSamples... series) {
        return new Delivery(new UUID(0, 1), List.of(series));
    }
}
