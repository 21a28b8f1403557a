package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;

/** The outcome, checked against its delivery: which of the samples are no longer pending. */
public final class CompletedSamples {
    private final IdentityHashMap<SeriesSamples, Integer> indices = new IdentityHashMap<>();
    private final BitSet[] done;

    /** @throws IllegalArgumentException if the outcome names samples of another delivery */
    public CompletedSamples(List<SeriesSamples> delivered, DeliveryOutcome outcome) {
        done = new BitSet[delivered.size()];
        for (int i = 0; i < done.length; i++) {
            indices.put(delivered.get(i), i);
            done[i] = new BitSet(delivered.get(i).size());
        }
        for (DeliveryOutcome.Acknowledgement chunk : outcome.acknowledged()) {
            chunk.slices().forEach(this::mark);
        }
        for (DeliveryOutcome.Rejection rejection : outcome.rejected()) {
            mark(rejection.slice());
        }
    }

    /** Whether a sample of the series at this index of the delivery is acknowledged or rejected. */
    public boolean isDone(int index, int sample) {
        return done[index].get(sample);
    }

    /** Index in the delivery of the series that the slice is cut from. */
    public int indexOf(Slice slice) {
        Integer index = indices.get(slice.samples());
        if (index == null) {
            throw new IllegalArgumentException("The outcome names samples of another delivery: " + slice.samples());
        }
        return index;
    }

    private void mark(Slice slice) {
        done[indexOf(slice)].set(slice.from(), slice.to());
    }
}
