package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.jsonlines.WireRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A delivery cut into lines. Every sample of it is in exactly one line, or rejected exactly once, or deferred.
 *
 * @param slices one line each; the first of every series in the order of the delivery, then the second of each
 * @param rejected what breaks {@link WireRules}, or has a time that is none ({@link UnsetClock})
 * @param deferred number of samples that stay pending, since the limits of the server are not known yet and these are over
 *     the strictest
 */
public record Lines(List<Slice> slices, List<Rejection> rejected, int deferred) {
    /** No server has wider ones; what is over these is rejected whatever a server reports. */
    private static final WireLimits WIDEST = new WireLimits(10_000, 1 << 20);

    /**
     * Cuts a delivery.
     *
     * @param lineValues samples in one line at most
     * @param limits of the server; empty if they are not known yet
     */
    public static Lines of(Delivery delivery, int lineValues, Optional<WireLimits> limits) {
        List<Slice> slices = new ArrayList<>();
        List<Rejection> rejected = new ArrayList<>();
        int deferred = 0;
        for (SeriesSamples samples : delivery.series()) {
            Optional<String> objection = objection(samples.series(), delivery, limits.orElse(WIDEST));
            if (objection.isEmpty()
                    && limits.isEmpty()
                    && WireRules.objection(samples.series(), WireLimits.STRICTEST)
                            .isPresent()) {
                deferred += samples.size();
            } else if (objection.isPresent()) {
                rejected.add(new Rejection(samples.all(), objection.get()));
            } else {
                cut(samples, lineValues, slices, rejected);
            }
        }
        // Lines of about the same times beside each other: compressed, the next ones repeat those of the first.
        slices.sort(Comparator.comparingInt(Slice::from));
        return new Lines(slices, rejected, deferred);
    }

    private static Optional<String> objection(Series series, Delivery delivery, WireLimits limits) {
        Optional<String> objection = WireRules.objection(series, limits);
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
