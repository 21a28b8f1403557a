package io.tidewatch.health;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.jsonlines.WireLabels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The series that share a name in a scrape, under one HELP and one TYPE. Usually they are those of one metric; two whose
 * names differ only in a dot are one family too.
 */
final class MetricFamily {
    private final String help;
    private final List<NewestSample> samples = new ArrayList<>();
    private @Nullable Kind kind;

    /** The family of a first sample. */
    MetricFamily(NewestSample first) {
        help = first.help();
        kind = first.series().kind();
    }

    /** One more sample. */
    void add(NewestSample sample) {
        samples.add(sample);
        if (sample.series().kind() != kind) {
            kind = null;
        }
    }

    /** What the first metric measures. */
    String help() {
        return help;
    }

    /** The type in the text format: {@code untyped} if the metrics do not agree. */
    String type() {
        return kind == null ? "untyped" : kind == Kind.COUNTER ? "counter" : "gauge";
    }

    /**
     * The samples by device and labels; of several that only the store distinguishes, the newest.
     */
    Map<Labels, NewestSample> samples() {
        Map<Labels, NewestSample> distinct = new LinkedHashMap<>();
        for (NewestSample sample : samples) {
            Labels labels = new Labels(sample.series().deviceId(), WireLabels.ofTags(sample.series()));
            distinct.merge(labels, sample, (one, other) -> other.time().isAfter(one.time()) ? other : one);
        }
        return distinct;
    }

    /** What distinguishes the samples of a family. */
    record Labels(String deviceId, SortedMap<String, String> tags) {}
}
