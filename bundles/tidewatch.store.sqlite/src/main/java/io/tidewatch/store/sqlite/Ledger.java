package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows which samples are pending: what comes, what is handed out, and what becomes of it. In the file that is ranges and
 * exceptions; in memory the ranges and the counts, which every append and settlement keeps up to date. Not safe for use
 * by several threads.
 */
final class Ledger {
    private final SampleTable samples;
    private final SeriesTable series;
    private final DeliveryState state;
    private final DeliveryTables tables;
    private final SettlementLog settlements;
    private final Handout.Builder builder = new Handout.Builder();
    private long newest;

    /** Counts what is pending, if that was not noted at a clean end. */
    Ledger(SampleTable samples, SeriesTable series, DeliveryState state, SettlementLog settlements)
            throws SQLException {
        this.samples = samples;
        this.series = series;
        this.state = state;
        this.settlements = settlements;
        tables = state.tables();
        newest = samples.newest();
        series.allSeen(newest);
        if (!state.isCounted()) {
            count();
        }
    }

    /** A sample was stored that was not there before. */
    void added(long timestamp, StoredSeries of) throws SQLException {
        newest = Math.max(newest, timestamp);
        series.seen(of.id(), timestamp);
        if (of.isText()) {
            state.historyAt(timestamp);
            return;
        }
        Handout handout = state.handout();
        int level = of.level();
        state.pending().add(level, timestamp);
        boolean inHandout = false;
        if (handout != null) {
            handout.added(level, timestamp);
            inHandout = handout.covers(level, timestamp);
        }
        if (inHandout || state.delivered(level).contains(timestamp)) {
            except(timestamp, of.id());
        }
    }

    /**
     * Keeps what is pending, and what is not, as it is while series move to another priority with other ranges.
     *
     * @param before the series that changed as they were; null for those that are new
     */
    void moved(Map<Integer, @Nullable StoredSeries> before) throws SQLException {
        boolean[] involved = new boolean[DeliveryState.LEVELS];
        boolean any = false;
        for (Map.Entry<Integer, @Nullable StoredSeries> change : before.entrySet()) {
            StoredSeries old = change.getValue();
            StoredSeries now = series.get(change.getKey());
            if (old != null && !now.isText() && old.level() != now.level()) {
                involved[old.level()] = true;
                involved[now.level()] = true;
                settlements.moved(old.level(), now.level());
                any = true;
            }
        }
        if (!any) {
            return;
        }
        // With all history below the first pending sample declared delivered, only the backlog is walked through.
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            long end = Math.min(newest, state.pending().oldest(level) - 1);
            if (involved[level] && end >= 0) {
                state.deliver(level, 0, end);
            }
        }
        try (SampleWalk walk = new SampleWalk(samples, tables, state.common(involved), 0, DeliveryState.END)) {
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
        state.handOut(null);
        PendingCount pending = state.pending();
        long from = Millis.atOrAfter(query.from());
        long until = Millis.atOrAfter(query.until());
        boolean[] wanted = new boolean[DeliveryState.LEVELS];
        boolean[] present = new boolean[DeliveryState.LEVELS];
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
        builder.reset(query.maxSamples());
        long[] first = new long[DeliveryState.LEVELS];
        Arrays.fill(first, PendingCount.NONE);
        long continuation = until;
        try (SampleWalk walk = new SampleWalk(samples, tables, state.common(present), start, until)) {
            while (walk.next()) {
                StoredSeries of = series.get(walk.series());
                int level = of.level();
                if (walk.isException()) {
                    builder.metException();
                }
                if (of.isText() || !present[level] || !walk.isPending(state.delivered(level))) {
                    continue;
                }
                first[level] = Math.min(first[level], walk.timestamp());
                if (!builder.add(walk.timestamp(), of.id(), walk.value())) {
                    continuation = walk.timestamp();
                    break;
                }
            }
        }
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            // The walk saw all that is pending up to its end; the next one need not start before what it found.
            if (present[level] && pending.oldest(level) >= start) {
                pending.noneBefore(level, Math.min(first[level], continuation));
            }
        }
        if (builder.isEmpty()) {
            return null;
        }
        Handout handout = builder.build(series, wanted, from, continuation);
        state.handOut(handout);
        return handout.delivery();
    }

    /**
     * Remembers what became of the handout.
     *
     * @param now milliseconds since the epoch
     * @return how many samples are set aside that were not before
     */
    int settle(Handout settled, Outcome outcome, Settlement settlement, long now) throws SQLException {
        settle(settled, outcome);
        for (Settlement.Acknowledgement chunk : settlement.acknowledged()) {
            int levels = 0;
            for (Slice slice : chunk.slices()) {
                levels |= 1
                        << series.get(settled.seriesId(outcome.indexOf(slice))).level();
            }
            settlements.acknowledged(settled.delivery().batchId(), chunk, levels);
        }
        int setAside = 0;
        for (Settlement.Rejection rejection : settlement.rejected()) {
            setAside += settlements.rejected(rejection, settled.seriesId(outcome.indexOf(rejection.slice())), now);
        }
        return setAside;
    }

    private void settle(Handout settled, Outcome outcome) throws SQLException {
        PendingCount pending = state.pending();
        boolean[] fromStart = new boolean[DeliveryState.LEVELS];
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            if (settled.wants(level) && series.hasNumbers(level)) {
                // Where nothing older is pending either, the range starts at the beginning: one range, not islands.
                fromStart[level] = pending.oldest(level) >= settled.from();
                long first = fromStart[level] ? 0 : settled.from();
                state.deliver(level, first, settled.last());
            }
        }
        long[] left = new long[DeliveryState.LEVELS];
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            left[level] = settled.nextPending(level);
        }
        for (int i = 0; i < settled.delivery().series().size(); i++) {
            settleSeries(settled, i, outcome, left);
        }
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            if (fromStart[level]) {
                pending.noneBefore(level, left[level]);
            }
            if (settled.wants(level) && settled.mayHaveExceptions()) {
                tables.removeNeedless(level, settled.from(), settled.last());
            }
        }
    }

    /** Samples were moved in time. */
    void shifted() throws SQLException {
        newest = samples.newest();
    }

    private void settleSeries(Handout settled, int index, Outcome outcome, long[] left) throws SQLException {
        SeriesSamples handed = settled.delivery().series().get(index);
        StoredSeries of = series.get(settled.seriesId(index));
        int level = of.level();
        state.historyAt(handed.timestamp(0));
        for (int i = 0; i < handed.size(); i++) {
            long timestamp = handed.timestamp(i);
            boolean isPending = !outcome.isDone(index, i);
            if (isPending == state.delivered(level).contains(timestamp)) {
                tables.putException(timestamp, of.id(), isPending);
            } else if (settled.mayHaveExceptions()) {
                tables.removeException(timestamp, of.id());
            }
            if (isPending) {
                left[level] = Math.min(left[level], timestamp);
            } else {
                state.pending().remove(level);
            }
        }
    }

    private void move(SampleWalk walk, StoredSeries old, StoredSeries now) throws SQLException {
        long timestamp = walk.timestamp();
        boolean isPending = walk.isPending(state.delivered(old.level()));
        Handout handout = state.handout();
        boolean inHandout = false;
        if (isPending) {
            state.pending().remove(old.level());
            state.pending().add(now.level(), timestamp);
            if (handout != null) {
                handout.added(now.level(), timestamp);
                inHandout = handout.covers(now.level(), timestamp);
            }
        }
        if (isPending == state.delivered(now.level()).contains(timestamp) || inHandout) {
            tables.addException(timestamp, now.id(), isPending);
            if (handout != null) {
                handout.gotException();
            }
        }
    }

    private void except(long timestamp, int id) throws SQLException {
        tables.putException(timestamp, id, true);
        Handout handout = state.handout();
        if (handout != null) {
            handout.gotException();
        }
    }

    private void count() throws SQLException {
        boolean[] present = new boolean[DeliveryState.LEVELS];
        for (int level = 0; level < DeliveryState.LEVELS; level++) {
            present[level] = series.hasNumbers(level);
        }
        try (SampleWalk walk = new SampleWalk(samples, tables, state.common(present), 0, DeliveryState.END)) {
            while (walk.next()) {
                StoredSeries of = series.get(walk.series());
                if (!of.isText() && walk.isPending(state.delivered(of.level()))) {
                    state.pending().add(of.level(), walk.timestamp());
                }
            }
        }
    }
}
