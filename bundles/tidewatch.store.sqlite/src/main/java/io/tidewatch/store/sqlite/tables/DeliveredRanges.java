package io.tidewatch.store.sqlite.tables;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Passes that are delivered: inclusive ranges of their numbers, neither overlapping nor adjacent. Immutable, so that a
 * transaction that fails simply drops the new one.
 *
 * <p>There are few ranges: one that grows while deliveries succeed, one more for each outage whose backlog is not yet
 * drained.
 *
 * @param lastByFirst the last number of each range by its first one
 */
public record DeliveredRanges(NavigableMap<Long, Long> lastByFirst) {
    public static final DeliveredRanges NONE = new DeliveredRanges(new TreeMap<>());

    public DeliveredRanges {
        lastByFirst = Collections.unmodifiableNavigableMap(lastByFirst);
    }

    /** Nothing for each priority level. */
    public static DeliveredRanges[] noneByLevel() {
        DeliveredRanges[] ranges = new DeliveredRanges[PassRow.LEVELS];
        Arrays.fill(ranges, NONE);
        return ranges;
    }

    /**
     * Adds a stored range to those of its priority level, unless no store writes such a row.
     *
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

    public int size() {
        return lastByFirst.size();
    }

    public boolean contains(long seq) {
        return containsAll(seq, seq);
    }

    private boolean containsAll(long first, long last) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(first);
        return range != null && range.getValue() >= last;
    }

    /** These ranges and one more, merged with those that it overlaps or touches. */
    public DeliveredRanges plus(long first, long last) {
        requireRange(first, last);
        if (containsAll(first, last)) {
            return this;
        }
        NavigableMap<Long, Long> all = new TreeMap<>(lastByFirst);
        long from = first;
        long to = last;
        Map.Entry<Long, Long> range = all.floorEntry(last + 1);
        while (range != null && range.getValue() >= first - 1) {
            from = Math.min(from, range.getKey());
            to = Math.max(to, range.getValue());
            all.remove(range.getKey());
            range = all.floorEntry(last + 1);
        }
        all.put(from, to);
        return new DeliveredRanges(all);
    }

    /** These ranges without some passes. */
    public DeliveredRanges minus(long first, long last) {
        requireRange(first, last);
        NavigableMap<Long, Long> all = new TreeMap<>(lastByFirst);
        Map.Entry<Long, Long> range = all.floorEntry(last);
        while (range != null && range.getValue() >= first) {
            all.remove(range.getKey());
            if (range.getKey() < first) {
                all.put(range.getKey(), first - 1);
            }
            if (range.getValue() > last) {
                all.put(last + 1, range.getValue());
            }
            range = all.floorEntry(last);
        }
        return new DeliveredRanges(all);
    }

    private static void requireRange(long first, long last) {
        if (first < 0 || last < first || last == Long.MAX_VALUE) {
            throw new IllegalArgumentException("No range of passes: " + first + " to " + last);
        }
    }

    @Override
    public String toString() {
        return lastByFirst.entrySet().stream()
                .map(range -> range.getKey() + "-" + range.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
