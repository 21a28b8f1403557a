package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.store.ListStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Samples for the tests. */
public final class Samples {
    private Samples() {}

    public static Series series(String name, Map<String, String> tags) {
        return new Series(name, Kind.GAUGE, Unit.NONE, "rig-1", new TreeMap<>(tags), Priority.NORMAL);
    }

    /** Samples a second apart, from second 1 on. */
    public static SeriesSamples samples(Series series, double... values) {
        return from(0, series, values);
    }

    /** Samples a second apart, of a clock that was set. */
    public static SeriesSamples recent(Series series, double... values) {
        return from(Rig.NOW.toEpochMilli(), series, values);
    }

    private static SeriesSamples from(long start, Series series, double... values) {
        long[] timestamps = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            timestamps[i] = start + (i + 1) * 1000L;
        }
        return new SeriesSamples(series, timestamps, values);
    }

    public static Delivery delivery(SeriesSamples... series) {
        return new Delivery(UUID.randomUUID(), List.of(series));
    }

    /** One pass of a collector with so many series, {@code test.value{n="0"}} and so on; the value is the millisecond. */
    public static SampleBatch pass(Instant time, Priority priority, int series) {
        Metric metric = Metric.gauge("test.value", Unit.NONE, "A test", "n", "priority");
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < series; n++) {
            samples.add(
                    metric.sample((double) (time.toEpochMilli() % 1_000_000 + n), String.valueOf(n), priority.name()));
        }
        return new SampleBatch(time, "rig-1", new TreeMap<>(), priority, samples);
    }

    /** 50 minutes of 60 series, half of them gauges in percent, half counters of bytes; each 10 seconds. */
    public static void fillBacklog(ListStore store, Instant start, Random random) throws StoreException {
        Metric gauge = Metric.gauge("slow.percent", Unit.PERCENT, "A test", "core");
        Metric counter = Metric.counter("slow.bytes_total", Unit.BYTES, "A test", "interface");
        double[] counts = new double[60];
        for (int pass = 0; pass < 300; pass++) {
            List<Sample> samples = new ArrayList<>();
            for (int n = 0; n < counts.length; n++) {
                counts[n] += random.nextInt(1_000_000);
                samples.add(
                        n % 2 == 0
                                ? gauge.sample(random.nextInt(1000) / 10.0, String.valueOf(n))
                                : counter.sample(counts[n], "wwan" + n));
            }
            store.append(
                    new SampleBatch(start.plusSeconds(10L * pass), "slow", new TreeMap<>(), Priority.NORMAL, samples));
        }
    }

    /** A stored sample as the server should have it. */
    public static ReceivedSample onTheWire(ListStore.Entry entry) {
        TreeMap<String, String> labels = new TreeMap<>(WireLabels.ofTags(entry.series()));
        labels.put("__name__", WireLabels.metricName(entry.series()));
        labels.put("device_id", entry.series().deviceId());
        return new ReceivedSample(labels, entry.timestamp(), entry.value());
    }
}
