package io.tidewatch.api.store;

import io.tidewatch.api.collector.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one pass of one collector found, with all that the samples share.
 *
 * @param timestamp when the pass began, or the time of the source; kept in whole milliseconds
 * @param deviceId id of the device, not empty
 * @param labels further labels of every series of this batch; a tag of a sample wins over a label of the same name
 * @param priority priority of every sample of this batch, which they keep
 * @param interval time from one pass of the collector to the next: how soon newer samples are due; zero if there is no
 *     such time. Not stored.
 * @param samples the samples; may be empty
 * @param ofSource whether the source gave the timestamp, so that it is right however far from the present it is
 */
public record SampleBatch(
        Instant timestamp,
        String deviceId,
        SortedMap<String, String> labels,
        Priority priority,
        Duration interval,
        List<Sample> samples,
        boolean ofSource) {
    public SampleBatch {
        Objects.requireNonNull(timestamp, "timestamp");
        Objects.requireNonNull(priority, "priority");
        if (deviceId.isEmpty()) {
            throw new IllegalArgumentException("A batch needs a device id");
        }
        if (interval.isNegative()) {
            throw new IllegalArgumentException("interval is " + interval + ", it cannot be negative");
        }
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        samples = List.copyOf(samples);
    }

    /** A batch of a pass. */
    public SampleBatch(
            Instant timestamp,
            String deviceId,
            SortedMap<String, String> labels,
            Priority priority,
            Duration interval,
            List<Sample> samples) {
        this(timestamp, deviceId, labels, priority, interval, samples, false);
    }

    /** A batch of a source that has no interval. */
    public SampleBatch(
            Instant timestamp,
            String deviceId,
            SortedMap<String, String> labels,
            Priority priority,
            List<Sample> samples) {
        this(timestamp, deviceId, labels, priority, Duration.ZERO, samples);
    }

    /** Returns the same with other samples. */
    public SampleBatch withSamples(List<Sample> others) {
        return new SampleBatch(timestamp, deviceId, labels, priority, interval, others, ofSource);
    }

    /** Returns the same with another timestamp. */
    public SampleBatch at(Instant time) {
        return new SampleBatch(time, deviceId, labels, priority, interval, samples, ofSource);
    }
}
