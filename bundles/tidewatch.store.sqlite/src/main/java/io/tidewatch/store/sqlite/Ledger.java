package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SeriesSamples;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows which samples are pending. In the file that is ranges and exceptions; in memory the ranges and the counts, which
 * every append and settlement keeps up to date.
 *
 * <p>Not safe for use by several threads. Between {@link #begin} and {@link #committed} the memory runs ahead of the
 * file; {@link #rolledBack} brings it back.
 */
final class Ledger {
    private static final int LEVELS = Priority.values().length;

    /** After any sample. */
    private static final long END = DeliveryQuery.END.toEpochMilli();

    private final SampleTable samples;
    private final SeriesTable series;
    private final DeliveryTables tables;

    private DeliveredRanges[] delivered;
    private PendingCount pending = new PendingCount();
    private long newest;

    private DeliveredRanges[] deliveredBefore;
    private PendingCount pendingBefore = pending;

    private @Nullable Handout handout;

    /** Reads the ranges and counts what is pending. */
    Ledger(Database database, SampleTable samples, SeriesTable series) throws SQLException {
        this.samples = samples;
        this.series = series;
        tables = new DeliveryTables(database);
        delivered = tables.ranges();
        deliveredBefore = delivered;
        newest = samples.newest();
        count();
    }

    /** How many samples are pending; valid until the next change. */
    PendingCount pending() {
        return pending;
    }

    /** The delivery that is under way. */
    @Nullable
    Handout handout() {
        return handout;
    }

    /** Starts a transaction. */
    void begin() {
        deliveredBefore = delivered.clone();
        pendingBefore = pending.copy();
    }

    /** The transaction is in the file. */
    void committed() {
        deliveredBefore = delivered;
        pendingBefore = pending;
    }

    /** The transaction never was. */
    void rolledBack() {
        delivered = deliveredBefore;
        pending = pendingBefore;
    }

    /** A sample was stored that was not there before. */
    void added(long timestamp, StoredSeries of) throws SQLException {
        newest = Math.max(newest, timestamp);
        if (of.isText()) {
            return;
        }
        int level = of.level();
        pending.add(level, timestamp);
        boolean inHandout = false;
        if (handout != null) {
            handout.added(level, timestamp);
            inHandout = handout.covers(level, timestamp);
        }
        if (inHandout || delivered[level].contains(timestamp)) {
            except(timestamp, of.id());
        }
    }

    /**
     * Keeps what is pending, and what is not, as it is while series move to another priority with other ranges.
     *
     * @param before the series that changed as they were; null for those that are new
     */
    void moved(Map<Integer, @Nullable StoredSeries> before) throws SQLException {
        boolean[] involved = new boolean[LEVELS];
        boolean any = false;
        for (Map.Entry<Integer, @Nullable StoredSeries> change : before.entrySet()) {
            StoredSeries old = change.getValue();
            StoredSeries now = series.get(change.getKey());
            if (old != null && !now.isText() && old.level() != now.level()) {
                involved[old.level()] = true;
                involved[now.level()] = true;
                any = true;
            }
        }
        if (!any) {
            return;
        }
        // With all history below the first pending sample declared delivered, only the backlog is walked through.
        for (int level = 0; level < LEVELS; level++) {
            long end = Math.min(newest, pending.oldest(level) - 1);
            if (involved[level] && end >= 0) {
                delivered[level] = tables.add(level, delivered[level], 0, end);
            }
        }
        try (SampleWalk walk = new SampleWalk(samples, tables, common(involved), 0, END)) {
            while (walk.next()) {
                StoredSeries old = before.get(walk.series());
                if (old != null && !old.isText()) {
                    move(walk, old, series.get(walk.series()));
                }
            }
        }
    }

    /** Hands out the oldest pending samples that are wanted; null if there are none. Abandons the handout before. */
    @Nullable
    Delivery next(DeliveryQuery query) throws SQLException {
        handout = null;
        long from = ceilMillis(query.from());
        long until = ceilMillis(query.until());
        boolean[] wanted = new boolean[LEVELS];
        boolean[] present = new boolean[LEVELS];
        long oldest = PendingCount.NONE;
        for (Priority priority : query.priorities()) {
            int level = priority.level();
            wanted[level] = true;
            present[level] = pending.count(level) > 0;
            oldest = Math.min(oldest, pending.oldest(level));
        }
        long start = Math.max(from, oldest);
        if (start >= until) {
            return null;
        }
        Handout.Builder builder = new Handout.Builder(query.maxSamples());
        long[] first = new long[LEVELS];
        Arrays.fill(first, PendingCount.NONE);
        long continuation = until;
        try (SampleWalk walk = new SampleWalk(samples, tables, common(present), start, until)) {
            while (walk.next()) {
                StoredSeries of = series.get(walk.series());
                int level = of.level();
                if (walk.isException()) {
                    builder.metException();
                }
                if (of.isText() || !present[level] || !walk.isPending(delivered[level])) {
                    continue;
                }
                first[level] = Math.min(first[level], walk.timestamp());
                if (!builder.add(walk.timestamp(), of.id(), walk.value())) {
                    continuation = walk.timestamp();
                    break;
                }
            }
        }
        for (int level = 0; level < LEVELS; level++) {
            // The walk saw all that is pending up to its end; the next one need not start before what it found.
            if (present[level] && pending.oldest(level) >= start) {
                pending.noneBefore(level, Math.min(first[level], continuation));
            }
        }
        if (builder.isEmpty()) {
            return null;
        }
        handout = builder.build(series, wanted, from, continuation);
        return handout.delivery();
    }

    /**
     * Remembers what became of the handout.
     */
    void settle(Handout settled, Outcome outcome) throws SQLException {
        boolean[] fromStart = new boolean[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            if (settled.wants(level) && series.hasNumbers(level)) {
                // Where nothing older is pending either, the range starts at the beginning: one range, not islands.
                fromStart[level] = pending.oldest(level) >= settled.from();
                long first = fromStart[level] ? 0 : settled.from();
                delivered[level] = tables.add(level, delivered[level], first, settled.last());
            }
        }
        long[] left = new long[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            left[level] = settled.nextPending(level);
        }
        for (int i = 0; i < settled.delivery().series().size(); i++) {
            settleSeries(settled, i, outcome, left);
        }
        for (int level = 0; level < LEVELS; level++) {
            if (fromStart[level]) {
                pending.noneBefore(level, left[level]);
            }
            if (settled.wants(level) && settled.mayHaveExceptions()) {
                tables.removeNeedless(level, settled.from(), settled.last());
            }
        }
    }

    /** The handout is settled. */
    void finished() {
        handout = null;
    }

    private void settleSeries(Handout settled, int index, Outcome outcome, long[] left) throws SQLException {
        SeriesSamples handed = settled.delivery().series().get(index);
        StoredSeries of = series.get(settled.seriesId(index));
        int level = of.level();
        for (int i = 0; i < handed.size(); i++) {
            long timestamp = handed.timestamp(i);
            boolean isPending = !outcome.isDone(index, i);
            if (isPending == delivered[level].contains(timestamp)) {
                tables.putException(timestamp, of.id(), isPending);
            } else if (settled.mayHaveExceptions()) {
                tables.removeException(timestamp, of.id());
            }
            if (isPending) {
                left[level] = Math.min(left[level], timestamp);
            } else {
                pending.remove(level);
            }
        }
    }

    private void move(SampleWalk walk, StoredSeries old, StoredSeries now) throws SQLException {
        long timestamp = walk.timestamp();
        boolean isPending = walk.isPending(delivered[old.level()]);
        boolean inHandout = false;
        if (isPending) {
            pending.remove(old.level());
            pending.add(now.level(), timestamp);
            if (handout != null) {
                handout.added(now.level(), timestamp);
                inHandout = handout.covers(now.level(), timestamp);
            }
        }
        if (isPending == delivered[now.level()].contains(timestamp) || inHandout) {
            tables.addException(timestamp, now.id(), isPending);
            if (handout != null) {
                handout.gotException();
            }
        }
    }

    private void except(long timestamp, int id) throws SQLException {
        tables.putException(timestamp, id, true);
        if (handout != null) {
            handout.gotException();
        }
    }

    private void count() throws SQLException {
        boolean[] present = new boolean[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            present[level] = series.hasNumbers(level);
        }
        try (SampleWalk walk = new SampleWalk(samples, tables, common(present), 0, END)) {
            while (walk.next()) {
                StoredSeries of = series.get(walk.series());
                if (!of.isText() && walk.isPending(delivered[of.level()])) {
                    pending.add(of.level(), walk.timestamp());
                }
            }
        }
    }

    /** What all of these levels have delivered; everything if there are none. */
    private DeliveredRanges common(boolean[] levels) {
        DeliveredRanges common = DeliveredRanges.NONE.plus(0, END);
        for (int level = 0; level < LEVELS; level++) {
            if (levels[level]) {
                common = common.and(delivered[level]);
            }
        }
        return common;
    }

    /** The first whole millisecond that is not before this, within the times that samples can have. */
    private static long ceilMillis(Instant time) {
        if (time.isBefore(DeliveryQuery.BEGINNING)) {
            return 0;
        }
        if (time.isAfter(DeliveryQuery.END)) {
            return END;
        }
        long millis = time.toEpochMilli();
        return Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
    }
}
