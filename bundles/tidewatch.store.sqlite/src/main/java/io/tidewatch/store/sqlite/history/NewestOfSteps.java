package io.tidewatch.store.sqlite.history;

import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.util.BitSet;

/** Which samples of a scan from the newest to the oldest are the newest of their series in a step of time. */
final class NewestOfSteps {
    private final long from;
    private final long step;
    private final int wanted;
    private final BitSet found = new BitSet();
    private long current = Long.MAX_VALUE;

    /**
     * @param from when the first step begins, in milliseconds
     * @param step length of each; 0: every sample is wanted
     */
    NewestOfSteps(long from, long step, int wanted) {
        this.from = from;
        this.step = step;
        this.wanted = wanted;
    }

    NewestOfSteps copy() {
        NewestOfSteps copy = new NewestOfSteps(from, step, wanted);
        copy.found.or(found);
        copy.current = current;
        return copy;
    }

    /** The scan goes on with this time. */
    void at(long time) {
        if (step == 0) {
            return;
        }
        long entered = Math.floorDiv(time - from, step);
        if (entered != current) {
            current = entered;
            found.clear();
        }
    }

    /** Whether a sample of this series is wanted at this time. */
    boolean wants(StoredSeries series) {
        return !found.get(series.id());
    }

    /** A sample of this series was found. */
    void found(StoredSeries series) {
        if (step > 0) {
            found.set(series.id());
        }
    }

    /** Whether the rest of the step can be skipped, since every series was found in it. */
    boolean isComplete() {
        return found.cardinality() == wanted;
    }

    /** When the step begins, in milliseconds. */
    long begin() {
        return from + current * step;
    }
}
