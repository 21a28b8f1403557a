package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Passes of a collector with many series: {@code many.value{n="0"}} and so on, once a second. */
final class ManySamples {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Metric METRIC = Metric.gauge("many.value", Unit.NONE, "A value", "n");

    private ManySamples() {}

    /** Appends passes that begin at {@code first}. */
    static void append(SampleStore store, Instant first, int passes, int series) throws Exception {
        for (int pass = 0; pass < passes; pass++) {
            store.append(batch(first.plusSeconds(pass), series));
        }
    }

    /** One pass. The values are the seconds of the time and a part per series. */
    static SampleBatch batch(Instant time, int series) {
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < series; n++) {
            samples.add(METRIC.sample(value(time, n), String.valueOf(n)));
        }
        return new SampleBatch(time, "rig-1", new TreeMap<>(), Priority.NORMAL, samples);
    }

    static double value(Instant time, int n) {
        return (double) time.getEpochSecond() % 100_000 + n / 1000.0;
    }
}
