package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The outcome, checked against its delivery: which of the samples are no longer pending. */
final class CompletedSamples {
    private final IdentityHashMap<SeriesSamples, Integer> indices = new IdentityHashMap<>();
    private final List<Set<Integer>> left = new ArrayList<>();

    /** @throws IllegalArgumentException if the outcome names samples of another delivery */
    CompletedSamples(InFlightDelivery inFlight, DeliveryOutcome outcome) {
        List<SeriesSamples> delivered = inFlight.delivery().series();
        BitSet[] done = new BitSet[delivered.size()];
        for (int i = 0; i < done.length; i++) {
            indices.put(delivered.get(i), i);
            done[i] = new BitSet(delivered.get(i).size());
        }
        for (DeliveryOutcome.Acknowledgement chunk : outcome.acknowledged()) {
            chunk.slices().forEach(slice -> mark(done, slice));
        }
        for (DeliveryOutcome.Rejection rejection : outcome.rejected()) {
            mark(done, rejection.slice());
        }
        for (int i = 0; i < inFlight.passes.size(); i++) {
            left.add(new HashSet<>(0));
        }
        for (int s = 0; s < done.length; s++) {
            int size = delivered.get(s).size();
            for (int i = done[s].nextClearBit(0); i < size; i = done[s].nextClearBit(i + 1)) {
                left.get(inFlight.passOf[s][i]).add(inFlight.seriesIds[s]);
            }
        }
    }

    /** The ids of the series of which the sample of a pass, by its index, is neither acknowledged nor rejected. */
    Set<Integer> left(int pass) {
        return left.get(pass);
    }

    /** Index in the delivery of the series that the slice is cut from. */
    int indexOf(Slice slice) {
        Integer index = indices.get(slice.samples());
        if (index == null) {
            throw new IllegalArgumentException("The outcome names samples of another delivery: " + slice.samples());
        }
        return index;
    }

    private void mark(BitSet[] done, Slice slice) {
        done[indexOf(slice)].set(slice.from(), slice.to());
    }
}
