package io.tidewatch.api.store;

import java.util.HashMap;
import java.util.Map;

/**
 * The result of an appended batch.
 *
 * @param stored samples that are now in the store and were not before
 * @param duplicates samples that the store already had: same series, same instant
 * @param dropped samples that can never be stored, by reason ({@code not_finite})
 * @param deferred samples that wait in memory, since the disk does not take them now; they are stored when it does
 */
public record AppendResult(int stored, int duplicates, Map<String, Integer> dropped, int deferred) {
    public AppendResult {
        dropped = Map.copyOf(dropped);
    }

    /** The result of an append that deferred nothing. */
    public AppendResult(int stored, int duplicates, Map<String, Integer> dropped) {
        this(stored, duplicates, dropped, 0);
    }

    /** Returns the sums of both. */
    public AppendResult and(AppendResult other) {
        Map<String, Integer> all = new HashMap<>(dropped);
        other.dropped.forEach((reason, count) -> all.merge(reason, count, Integer::sum));
        return new AppendResult(stored + other.stored, duplicates + other.duplicates, all, deferred + other.deferred);
    }
}
