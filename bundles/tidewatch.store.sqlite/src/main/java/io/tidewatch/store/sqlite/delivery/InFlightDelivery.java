package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PendingCount;
import java.util.Arrays;

/**
 * The delivery in flight, with the passes that its samples are from, and all passes that were looked at for it: none of
 * these is pending, of a wanted priority, but its own.
 */
public final class InFlightDelivery {
    private final Delivery delivery;
    private final int[] seriesIds;
    private final int[][] passOf;
    private final PassRow[] passes;
    private final long[] looked;
    private final boolean[] wanted;
    private final long from;
    private final long continuation;
    private final long[] oldestSince;

    public InFlightDelivery(
            Delivery delivery,
            int[] seriesIds,
            int[][] passOf,
            PassRow[] passes,
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
    public int seriesId(int index) {
        return seriesIds[index];
    }

    /** The passes of the delivery, in the order of time. */
    public PassRow[] passes() {
        return passes;
    }

    /** Index of the pass of a sample. */
    public int passOf(int series, int sample) {
        return passOf[series][sample];
    }

    /** Index of the sample of a series that a pass has, which has one. */
    public int sampleAt(int series, int pass) {
        SeriesSamples samples = delivery.series().get(series);
        long time = passes[pass].time();
        int low = 0;
        int high = samples.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (samples.timestamp(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the delivery has a pass. */
    public boolean holds(long seq) {
        for (PassRow pass : passes) {
            if (pass.seq() == seq) {
                return true;
            }
        }
        return false;
    }

    /** Numbers of the passes that were looked at, ascending. */
    public long[] looked() {
        return looked;
    }

    /** Whether the query wanted samples of this priority level. */
    public boolean wants(int level) {
        return wanted[level];
    }

    /** Start of the stretch of time. */
    public long from() {
        return from;
    }

    /** Notes that another pass of this level became pending. */
    public void added(int level, long timestamp) {
        oldestSince[level] = Math.min(oldestSince[level], timestamp);
    }

    /** Between {@code from} and this time no pass of this level is pending but those of the delivery. */
    public long nextPending(int level) {
        return Math.min(oldestSince[level], continuation);
    }
}
