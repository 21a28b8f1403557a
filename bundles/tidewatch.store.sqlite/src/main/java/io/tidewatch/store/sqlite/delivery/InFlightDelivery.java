package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PendingCount;
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
    private final Delivery delivery;
    private final int[] seriesIds;
    private final int[][] passOf;
    private final boolean[] wanted;
    private final long continuation;
    private final long[] oldestSince;

    /**
     * @param seriesIds by series of the delivery its id
     * @param passOf by series and sample the index of its pass
     * @param passes the passes of the delivery, in the order of time
     * @param looked numbers of the passes that were looked at, ascending
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
        this.continuation = continuation;
        this.oldestSince = new long[wanted.length];
        Arrays.fill(oldestSince, PendingCount.NONE);
    }

    public Delivery delivery() {
        return delivery;
    }

    /** Id of the series at this index of the delivery. */
    int seriesId(int index) {
        return seriesIds[index];
    }

    /** Index of the pass of a sample. */
    int passOf(int series, int sample) {
        return passOf[series][sample];
    }

    public boolean holds(long seq) {
        return passes.stream().anyMatch(pass -> pass.seq() == seq);
    }

    /** Whether the query wanted samples of this priority level. */
    boolean wants(int level) {
        return wanted[level];
    }

    /** Notes that another pass of this level became pending. */
    void added(int level, long timestamp) {
        oldestSince[level] = Math.min(oldestSince[level], timestamp);
    }

    /** Between {@code from} and this time no pass of this level is pending but those of the delivery. */
    long nextPending(int level) {
        return Math.min(oldestSince[level], continuation);
    }
}
