package io.tidewatch.exposition;

import io.tidewatch.api.collector.Metric;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A series of a source, kept from page to page. Guarded by its {@link PageSamples}. */
final class KnownSeries {
    final Metric metric;
    final List<String> tagValues;
    final @Nullable MetricFamily family;

    /** The pass in which it was last seen, and when that was. */
    long pass;

    long seenNanos;
    /** The times that its samples had in that pass, and in the stored one before in which it was seen. */
    private Set<Long> times = Set.of();

    private Set<Long> timesBefore = Set.of();

    KnownSeries(Metric metric, List<String> tagValues, @Nullable MetricFamily family) {
        this.metric = metric;
        this.tagValues = tagValues;
        this.family = family;
    }

    /** Takes over what the same series was seen with under another family. */
    void continueAs(KnownSeries before) {
        pass = before.pass;
        times = before.times;
        timesBefore = before.timesBefore;
    }

    /** Begins a pass, unless that has begun; returns whether it had not. */
    boolean begin(long newest) {
        boolean begins = pass != newest;
        if (begins) {
            pass = newest;
            timesBefore = times;
            times = Set.of();
        }
        return begins;
    }

    /** Forgets what it had in a pass that was not stored. */
    void lost(long lostPass) {
        if (pass == lostPass) {
            times = timesBefore;
        }
    }

    boolean has(long time) {
        return times.contains(time);
    }

    /** Adds the time of a sample of this pass; returns whether the pass before did not have it. */
    boolean add(long time) {
        boolean isNew = !timesBefore.contains(time);
        if (times.isEmpty()) {
            times = !isNew && timesBefore.size() == 1 ? timesBefore : Set.of(time);
        } else {
            times = times.size() == 1 ? new HashSet<>(times) : times;
            times.add(time);
        }
        return isNew;
    }
}
