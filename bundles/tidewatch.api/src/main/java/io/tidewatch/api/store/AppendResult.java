package io.tidewatch.api.store;

import java.util.Map;

/**
 * What became of an appended batch.
 *
 * @param stored samples that are now in the store and were not before
 * @param duplicates samples that the store already had: same series, same instant
 * @param dropped samples that can never be stored, by reason ({@code not_finite})
 */
public record AppendResult(int stored, int duplicates, Map<String, Integer> dropped) {
    public AppendResult {
        dropped = Map.copyOf(dropped);
    }
}
