package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.jsonlines.WireRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A delivery cut into lines. Every sample of it is either in exactly one line or rejected exactly once.
 *
 * @param slices one line each, in the order of the delivery
 * @param rejected what breaks {@link WireRules}, or has a time that is none ({@link UnsetClock})
 */
record Lines(List<Slice> slices, List<Rejection> rejected) {
    /** @param lineValues samples in one line at most */
    static Lines of(Delivery delivery, int lineValues) {
        List<Slice> slices = new ArrayList<>();
        List<Rejection> rejected = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            Optional<String> objection = objection(samples.series(), delivery);
            if (objection.isPresent()) {
                rejected.add(new Rejection(samples.all(), objection.get()));
            } else {
                cut(samples, lineValues, slices, rejected);
            }
        }
        return new Lines(slices, rejected);
    }

    private static Optional<String> objection(Series series, Delivery delivery) {
        Optional<String> objection = WireRules.objection(series);
        if (objection.isPresent() || !WireRules.hasEmptyTag(series)) {
            return objection;
        }
        // Without its empty tag it may be another series, whose samples it would overwrite.
        for (SeriesSamples other : delivery.series()) {
            if (!other.series().equals(series) && WireLabels.same(series, other.series())) {
                return Optional.of("label_value_empty");
            }
        }
        return Optional.empty();
    }

    private static void cut(SeriesSamples samples, int lineValues, List<Slice> slices, List<Rejection> rejected) {
        int from = 0;
        for (int i = 0; i < samples.size(); i++) {
            Optional<String> objection = objection(samples, i);
            if (objection.isPresent()) {
                addUnlessEmpty(samples, from, i, slices);
                rejected.add(new Rejection(new Slice(samples, i, i + 1), objection.get()));
                from = i + 1;
            } else if (i + 1 - from == lineValues) {
                addUnlessEmpty(samples, from, i + 1, slices);
                from = i + 1;
            }
        }
        addUnlessEmpty(samples, from, samples.size(), slices);
    }

    /** Times from 1970 on are no trouble on the wire, but behind it. */
    private static Optional<String> objection(SeriesSamples samples, int index) {
        Optional<String> objection = WireRules.objection(samples, index);
        return objection.isEmpty() && UnsetClock.says(samples.timestamp(index))
                ? Optional.of(UnsetClock.REASON)
                : objection;
    }

    private static void addUnlessEmpty(SeriesSamples samples, int from, int to, List<Slice> slices) {
        if (to > from) {
            slices.add(new Slice(samples, from, to));
        }
    }
}
