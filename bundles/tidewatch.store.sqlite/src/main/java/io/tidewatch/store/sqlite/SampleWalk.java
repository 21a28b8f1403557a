package io.tidewatch.store.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the samples that may be pending, in ascending order of time and series: those outside of delivered
 * ranges and those with an exception. Delivered history is passed over, not read.
 *
 * <p>One walk at a time, since the statements behind it are shared.
 */
final class SampleWalk implements AutoCloseable {
    private static final long END = Long.MAX_VALUE;

    private final SampleTable samples;
    private final DeliveredRanges delivered;
    private final long until;
    private final ResultSet exceptions;
    private @Nullable ResultSet gap;
    private long position;

    private long gapTime = -1;
    private int gapSeries;
    private long exceptionTime = -1;
    private int exceptionSeries;

    private boolean inGap;
    private boolean inExceptions;

    /**
     * @param delivered what all priorities of interest have delivered
     * @param from first millisecond
     * @param until millisecond after the last
     */
    SampleWalk(SampleTable samples, DeliveryTables tables, DeliveredRanges delivered, long from, long until)
            throws SQLException {
        this.samples = samples;
        this.delivered = delivered;
        this.position = from;
        this.until = until;
        exceptions = tables.scanExceptions(from, until - 1);
        advanceGap();
        advanceExceptions();
    }

    /** Goes to the next sample, at first to the first one; false at the end. */
    boolean next() throws SQLException {
        if (inGap) {
            advanceGap();
        }
        if (inExceptions) {
            advanceExceptions();
        }
        int order = Long.compare(gapTime, exceptionTime);
        if (order == 0) {
            order = gapTime == END ? 0 : Integer.compare(gapSeries, exceptionSeries);
        }
        inGap = order <= 0;
        inExceptions = order >= 0;
        return gapTime != END || exceptionTime != END;
    }

    /** Milliseconds since the epoch. */
    long timestamp() {
        return inGap ? gapTime : exceptionTime;
    }

    /** Id of the series. */
    int series() {
        return inGap ? gapSeries : exceptionSeries;
    }

    /** The value, of a numeric series. */
    double value() throws SQLException {
        return (inGap && gap != null ? gap : exceptions).getDouble(3);
    }

    /** Whether the sample has an exception. */
    boolean isException() {
        return inExceptions;
    }

    /** Whether the sample is pending, by its exception or else by the ranges of its priority. */
    boolean isPending(DeliveredRanges ofPriority) throws SQLException {
        return inExceptions ? exceptions.getInt(4) == 1 : !ofPriority.contains(timestamp());
    }

    @Override
    public void close() throws SQLException {
        exceptions.close();
        if (gap != null) {
            gap.close();
        }
    }

    private void advanceGap() throws SQLException {
        while (true) {
            if (gap != null) {
                if (gap.next()) {
                    gapTime = gap.getLong(1);
                    gapSeries = gap.getInt(2);
                    return;
                }
                gap.close();
                gap = null;
            }
            long first = delivered.firstOutside(position);
            if (first >= until) {
                gapTime = END;
                return;
            }
            long end = Math.min(until, delivered.firstInside(first));
            gap = samples.scan(first, end - 1);
            position = end;
        }
    }

    private void advanceExceptions() throws SQLException {
        if (exceptions.next()) {
            exceptionTime = exceptions.getLong(1);
            exceptionSeries = exceptions.getInt(2);
        } else {
            exceptionTime = END;
        }
    }
}
