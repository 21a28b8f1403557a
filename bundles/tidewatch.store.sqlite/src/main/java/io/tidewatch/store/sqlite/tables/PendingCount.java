package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** How many samples are pending and since when, by priority level. A time is a bound: at or before the oldest one. */
public final class PendingCount {
    /** The time of the oldest sample where there is none. */
    public static final long NONE = Long.MAX_VALUE;

    /**
     * Number and oldest time of what is pending, of one level after the other. The passes are read from their index, which
     * has all that is asked for: some 15 bytes each.
     */
    private static final String QUERY = "SELECT "
            + IntStream.range(0, PassRow.LEVELS)
                    .mapToObj(level -> "total(numbers) FILTER (WHERE priority = " + level
                            + "), min(time_ms) FILTER (WHERE priority = " + level + ")")
                    .collect(Collectors.joining(", "))
            + ", count(*) FILTER (WHERE priority NOT BETWEEN 0 AND " + (PassRow.LEVELS - 1) + ")"
            + " FROM pass p INDEXED BY pass_by_time WHERE numbers > 0 AND NOT " + Schema.DELIVERED;

    private final long[] count;
    private final long[] oldest;

    public PendingCount() {
        this(new long[PassRow.LEVELS], new long[PassRow.LEVELS]);
        Arrays.fill(oldest, NONE);
    }

    private PendingCount(long[] count, long[] oldest) {
        this.count = count;
        this.oldest = oldest;
    }

    public PendingCount copy() {
        return new PendingCount(count.clone(), oldest.clone());
    }

    /** Counts from the tables of a store. */
    public static PendingCount read(Database database) throws SQLException {
        PendingCount pending = new PendingCount();
        Sql.each(database.sql(QUERY).query(), pending::set);
        return pending;
    }

    /** The same, by a connection of any kind. */
    public static PendingCount read(Connection connection) throws SQLException {
        PendingCount pending = new PendingCount();
        Sql.each(connection, QUERY, pending::set);
        return pending;
    }

    private void set(ResultSet row) throws SQLException {
        if (row.getLong(2 * PassRow.LEVELS + 1) > 0) {
            throw Failures.damagedContent("passes have a priority that no store gives");
        }
        for (int level = 0; level < PassRow.LEVELS; level++) {
            if (row.getLong(2 * level + 1) > 0) {
                count[level] = row.getLong(2 * level + 1);
                oldest[level] = row.getLong(2 * level + 2);
            }
        }
    }

    /** Adds samples of a pass. */
    public void add(int level, long timestamp, int samples) {
        count[level] += samples;
        oldest[level] = Math.min(oldest[level], timestamp);
    }

    /** Subtracts samples; {@link #oldest} stays a bound unless none is left. */
    public void remove(int level, int samples) {
        count[level] -= samples;
        if (count[level] == 0) {
            oldest[level] = NONE;
        }
    }

    /**
     * All of some levels was looked at from {@code start} on.
     *
     * @param levels whether a level is meant
     * @param left by level a time before which nothing of it is left
     */
    public void lookedAt(boolean[] levels, long start, long[] left) {
        for (int level = 0; level < levels.length; level++) {
            // Otherwise some before the start may be pending as well.
            if (levels[level] && oldest[level] >= start && count[level] > 0) {
                oldest[level] = Math.max(oldest[level], left[level]);
            }
        }
    }

    /** Nothing of some levels is pending before this; {@link #NONE} if nothing is pending at all. */
    public long oldest(boolean[] levels) {
        return IntStream.range(0, levels.length)
                .filter(level -> levels[level])
                .mapToLong(level -> oldest[level])
                .min()
                .orElse(NONE);
    }

    public long total() {
        return LongStream.of(count).sum();
    }

    /** Nothing is pending before this; {@link #NONE} if nothing is pending at all. */
    public long oldest() {
        return LongStream.of(oldest).min().orElse(NONE);
    }
}
