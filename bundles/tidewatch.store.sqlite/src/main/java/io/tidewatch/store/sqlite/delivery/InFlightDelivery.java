package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.store.sqlite.tables.PassRow;
import java.util.Arrays;
import java.util.List;

/**
 * The delivery in flight, with the passes that its samples are from, and all passes that were looked at for it: none of
 * these is pending, of a wanted priority, but its own.
 */
public final class InFlightDelivery {
    final List<PassRow> passes;
    final long[] looked;
    final long from;
    final boolean[] wanted;
    final int[] seriesIds;
    final int[][] passOf;

    /** By priority level: from {@link #from} to this time no pass is pending but those of the delivery. */
    final long[] nextPending;

    private final Delivery delivery;

    /**
     * @param seriesIds by series of the delivery its id
     * @param passOf by series and sample the index of its pass
     * @param passes the passes of the delivery, in the order of time
     * @param looked numbers of the passes that were looked at, ascending
     * @param wanted by priority level whether the query wanted samples of it
     * @param continuation end of the stretch of time that was looked at
     */
    InFlightDelivery(
            Delivery delivery,
            int[] seriesIds,
            int[][] passOf,
            List<PassRow> passes,
            long[] looked,
            boolean[] wanted,
            long from,
            long continuation) {
        this.delivery = delivery;
        this.seriesIds = seriesIds;
        this.passOf = passOf;
        this.passes = passes;
        this.looked = looked;
        this.wanted = wanted;
        this.from = from;
        nextPending = new long[wanted.length];
        Arrays.fill(nextPending, continuation);
    }

    public Delivery delivery() {
        return delivery;
    }

    public boolean holds(long seq) {
        return passes.stream().anyMatch(pass -> pass.seq() == seq);
    }

    /** Notes that another pass of this level became pending. */
    void added(int level, long timestamp) {
        nextPending[level] = Math.min(nextPending[level], timestamp);
    }
}
