package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.clock.ArrivalClock;
import io.tidewatch.store.sqlite.tables.SampleArray;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest sample of every series that has got one since the start: in memory, since a look into the file would go
 * through all samples. Costs about 200 bytes per series. May be used by several threads.
 */
public final class NewestSamples {
    /** More series than this come from a tag that changes all the time; then what is known starts afresh. */
    private static final int MOST = 10_000;

    private record Origin(String deviceId, SortedMap<String, String> labels) {}

    private record Point(Origin origin, String metric, boolean text, List<String> tags, List<String> tagValues) {}

    private record Newest(
            Metric metric, Priority priority, Duration interval, long time, double value, @Nullable String text) {}

    private final int most;
    private final Map<Point, Newest> byPoint = new LinkedHashMap<>();

    public NewestSamples() {
        this(MOST);
    }

    public NewestSamples(int most) {
        this.most = most;
    }

    /** A batch was taken by the store, with {@code now} as the present. */
    public synchronized void appended(SampleBatch batch, Instant now) {
        long time = ArrivalClock.timeOf(batch, now.toEpochMilli());
        Origin origin = new Origin(batch.deviceId(), batch.labels());
        for (Sample sample : batch.samples()) {
            if (SampleArray.isStorable(sample)) {
                keep(batch, origin, sample, time);
            }
        }
    }

    /** Samples from {@code from} to before {@code until} were moved in time. */
    public synchronized void shifted(Instant from, Instant until, Duration step) {
        byPoint.replaceAll((point, newest) -> {
            Instant time = Instant.ofEpochMilli(newest.time);
            long moved = time.isBefore(from) || !time.isBefore(until) ? newest.time : newest.time + step.toMillis();
            return new Newest(newest.metric, newest.priority, newest.interval, moved, newest.value, newest.text);
        });
    }

    /**
     * The newest samples, in the order that their series came up. Made one by one when they are asked for: all at once would
     * be a fifth of the heap with as many series as the store may have.
     */
    public synchronized List<NewestSample> list() {
        List<Map.Entry<Point, Newest>> entries = new ArrayList<>(byPoint.entrySet());
        return new AbstractList<>() {
            @Override
            public NewestSample get(int place) {
                Map.Entry<Point, Newest> entry = entries.get(place);
                return sampleOf(entry.getKey(), entry.getValue());
            }

            @Override
            public int size() {
                return entries.size();
            }
        };
    }

    private synchronized NewestSample sampleOf(Point point, Newest newest) {
        return new NewestSample(
                StoredSeries.of(
                        newest.metric, point.tagValues, point.origin.deviceId, point.origin.labels, newest.priority),
                Instant.ofEpochMilli(newest.time),
                newest.value,
                Optional.ofNullable(newest.text),
                newest.metric.help(),
                newest.interval);
    }

    private void keep(SampleBatch batch, Origin origin, Sample sample, long time) {
        Metric metric = sample.metric();
        Point point = new Point(origin, metric.name(), sample.text() != null, metric.tags(), sample.tagValues());
        Newest newest = byPoint.get(point);
        if (newest != null && time <= newest.time) {
            // An older one, or the same again: the store keeps the first of an instant.
            return;
        }
        if (newest == null && byPoint.size() == most) {
            byPoint.clear();
        }
        double value = sample.text() == null ? sample.value() : 0;
        byPoint.put(point, new Newest(metric, batch.priority(), batch.interval(), time, value, sample.text()));
    }
}
