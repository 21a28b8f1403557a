package io.tidewatch.collector.exec;

import io.tidewatch.exposition.DropReason;
import java.util.EnumMap;
import java.util.Map;

/** How many values of a source became no sample, by reason, since the start. Not safe for use by several threads. */
final class Drops {
    private final Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);

    void add(DropReason reason) {
        counts.merge(reason, 1L, Long::sum);
    }

    void addAll(Map<DropReason, Long> others) {
        others.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
    }

    /** Returns these and others; a reason without any is absent. */
    Map<DropReason, Long> with(Map<DropReason, Long> others) {
        Drops all = new Drops();
        all.addAll(counts);
        all.addAll(others);
        return all.counts;
    }
}
