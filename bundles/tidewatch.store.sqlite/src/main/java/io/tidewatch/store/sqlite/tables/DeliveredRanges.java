package io.tidewatch.store.sqlite.tables;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Passes that are delivered: inclusive ranges of their numbers, sorted, neither overlapping nor adjacent. Immutable, so
 * that a transaction that fails simply drops the new one.
 *
 * <p>There are few ranges: one that grows while deliveries succeed, one more for each outage whose backlog is not yet
 * drained.
 */
public final class DeliveredRanges {
    public static final DeliveredRanges NONE = new DeliveredRanges(new long[0], new long[0]);

    private final long[] from;
    private final long[] to;

    private DeliveredRanges(long[] from, long[] to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Adds a stored range to those of its priority level, unless no store writes such a row.
     *
     * @param row priority level, first and last number
     * @param largest the largest number that there can be
     */
    public static void add(DeliveredRanges[] ranges, ResultSet row, long largest) throws SQLException {
        int level = row.getInt(1);
        long first = row.getLong(2);
        long last = row.getLong(3);
        if (level >= 0 && level < ranges.length && first >= 0 && first <= last && last <= largest) {
            ranges[level] = ranges[level].plus(first, last);
        }
    }

    /** Number of ranges. */
    public int size() {
        return from.length;
    }

    /** First number of a range. */
    public long from(int index) {
        return from[index];
    }

    /** Last number of a range. */
    public long to(int index) {
        return to[index];
    }

    /** Whether a range holds this number. */
    public boolean contains(long seq) {
        int index = indexOfRangeEndingAtOrAfter(seq);
        return index < from.length && from[index] <= seq;
    }

    /** The first number at or after this one that a range holds; {@link Long#MAX_VALUE} if there is none. */
    public long firstInside(long seq) {
        int index = indexOfRangeEndingAtOrAfter(seq);
        return index < from.length ? Math.max(from[index], seq) : Long.MAX_VALUE;
    }

    /**
     * These ranges and one more, merged with those that it overlaps or touches.
     *
     * @param first first number, 0 or later
     * @param last last number, at least {@code first}, below {@link Long#MAX_VALUE}
     */
    public DeliveredRanges plus(long first, long last) {
        if (first < 0 || last < first || last == Long.MAX_VALUE) {
            throw new IllegalArgumentException("No range of passes: " + first + " to " + last);
        }
        int start = indexOfRangeEndingAtOrAfter(first == 0 ? 0 : first - 1);
        int end = start;
        while (end < from.length && from[end] <= last + 1) {
            end++;
        }
        if (end == start + 1 && from[start] <= first && last <= to[start]) {
            return this;
        }
        int size = from.length - (end - start) + 1;
        long[] newFrom = Arrays.copyOf(from, size);
        long[] newTo = Arrays.copyOf(to, size);
        newFrom[start] = end > start ? Math.min(first, from[start]) : first;
        newTo[start] = end > start ? Math.max(last, to[end - 1]) : last;
        System.arraycopy(from, end, newFrom, start + 1, from.length - end);
        System.arraycopy(to, end, newTo, start + 1, to.length - end);
        return new DeliveredRanges(newFrom, newTo);
    }

    /**
     * These ranges without some passes.
     *
     * @param first first number, 0 or later
     * @param last last number, at least {@code first}
     */
    public DeliveredRanges minus(long first, long last) {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("No range of passes: " + first + " to " + last);
        }
        if (firstInside(first) > last) {
            return this;
        }
        DeliveredRanges before = first == 0 ? NONE : and(NONE.plus(0, first - 1));
        DeliveredRanges result = before;
        for (int i = indexOfRangeEndingAtOrAfter(last); i < from.length; i++) {
            if (to[i] > last) {
                result = result.plus(Math.max(from[i], last + 1), to[i]);
            }
        }
        return result;
    }

    /** What both hold. */
    public DeliveredRanges and(DeliveredRanges other) {
        long[] newFrom = new long[size() + other.size()];
        long[] newTo = new long[newFrom.length];
        int count = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < size() && theirs < other.size()) {
            long first = Math.max(from[mine], other.from[theirs]);
            long last = Math.min(to[mine], other.to[theirs]);
            if (first <= last) {
                newFrom[count] = first;
                newTo[count++] = last;
            }
            if (to[mine] < other.to[theirs]) {
                mine++;
            } else {
                theirs++;
            }
        }
        return new DeliveredRanges(Arrays.copyOf(newFrom, count), Arrays.copyOf(newTo, count));
    }

    private int indexOfRangeEndingAtOrAfter(long seq) {
        int index = Arrays.binarySearch(to, seq);
        return index >= 0 ? index : -index - 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeliveredRanges ranges
                && Arrays.equals(from, ranges.from)
                && Arrays.equals(to, ranges.to);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(to);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < from.length; i++) {
            text.append(i == 0 ? "" : ", ").append(from[i]).append('-').append(to[i]);
        }
        return text.append(']').toString();
    }
}
