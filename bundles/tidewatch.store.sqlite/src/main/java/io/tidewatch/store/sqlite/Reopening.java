package io.tidewatch.store.sqlite;

import java.sql.SQLException;
import java.util.Set;

/**
 * Makes acknowledged samples pending again: the stretches of time that the acknowledged chunks covered are taken out of
 * the delivered ranges of the chunks' priorities. What was set aside stays so. Not safe for use by several threads.
 */
final class Reopening {
    private final SampleTable samples;
    private final SeriesTable series;
    private final DeliveryState state;
    private final SettlementLog settlements;

    Reopening(SampleTable samples, SeriesTable series, DeliveryState state, SettlementLog settlements) {
        this.samples = samples;
        this.series = series;
        this.state = state;
        this.settlements = settlements;
    }

    /**
     * Reopens in the caller's transaction; no delivery is under way.
     *
     * @param since milliseconds since the epoch, compared with the times of acknowledgement
     * @return how many samples became pending
     */
    long reopen(long since) throws SQLException {
        DeliveredRanges[] stretches = settlements.acknowledgedSince(since);
        DeliveredRanges all = DeliveredRanges.NONE;
        for (DeliveredRanges ofLevel : stretches) {
            for (int i = 0; i < ofLevel.size(); i++) {
                all = all.plus(ofLevel.from(i), ofLevel.to(i));
            }
        }
        long count = 0;
        for (int i = 0; i < all.size(); i++) {
            long end = all.to(i) + 1;
            long position = all.from(i);
            while (position < end) {
                SamplePage page = SamplePage.read(
                        samples, series, state, DeliveredRanges.NONE, position, end, SamplePage.SAMPLES);
                count += reopen(page, stretches);
                position = page.end();
            }
        }
        for (int level = 0; level < stretches.length; level++) {
            for (int i = 0; i < stretches[level].size(); i++) {
                state.retract(level, stretches[level].from(i), stretches[level].to(i));
            }
        }
        return count;
    }

    private long reopen(SamplePage page, DeliveredRanges[] stretches) throws SQLException {
        if (page.size() == 0) {
            return 0;
        }
        Set<SettlementLog.Point> setAside = settlements.setAside(page.time(0), page.time(page.size() - 1));
        long count = 0;
        for (int i = 0; i < page.size(); i++) {
            long time = page.time(i);
            int id = page.series(i);
            int level = series.get(id).level();
            if (page.isText(i) || !stretches[level].contains(time)) {
                continue;
            }
            if (!page.isPending(i) && setAside.contains(new SettlementLog.Point(time, id))) {
                state.tables().putException(time, id, false);
                continue;
            }
            if (page.isException(i)) {
                state.tables().removeException(time, id);
            }
            if (!page.isPending(i)) {
                state.pending().add(level, time);
                count++;
            }
        }
        return count;
    }
}
