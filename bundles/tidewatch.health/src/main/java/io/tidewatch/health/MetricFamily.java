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
    private final List<NewestSample> all;
    private final String help;

    /** Places of its samples among all: with the samples themselves a page would take megabytes. */
    private final List<Integer> places = new ArrayList<>();

    private @Nullable Kind kind;

    /** The family of a first sample, without it, as a part of all samples. */
    MetricFamily(List<NewestSample> all, NewestSample first) {
        this.all = all;
        help = first.help();
        kind = first.series().kind();
    }

    void add(int place, NewestSample sample) {
        places.add(place);
        if (sample.series().kind() != kind) {
            kind = null;
        }
    }

    String help() {
        return help;
    }

    /** The type in the text format: {@code untyped} if the metrics do not agree. */
    String type() {
        return kind == null ? "untyped" : kind == Kind.COUNTER ? "counter" : "gauge";
    }

    /** The samples by device and labels; of several that only the store distinguishes, the newest. */
    Map<Labels, NewestSample> samples() {
        Map<Labels, NewestSample> distinct = new LinkedHashMap<>();
        for (int place : places) {
            NewestSample sample = all.get(place);
            Labels labels = new Labels(sample.series().deviceId(), WireLabels.ofTags(sample.series()));
            distinct.merge(labels, sample, (one, other) -> other.time().isAfter(one.time()) ? other : one);
        }
        return distinct;
    }

    record Labels(String deviceId, SortedMap<String, String> tags) {}
}
