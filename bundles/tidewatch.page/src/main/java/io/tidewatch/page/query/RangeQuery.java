package io.tidewatch.page.query;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * @param aggregate which value stands for the samples before a time
 * @param lookback milliseconds that a sample counts, above zero; used by {@link Aggregate#LAST} only
 */
public record RangeQuery(Selector selector, Range range, Aggregate aggregate, long lookback) {
    /** Which value stands for the samples before a time. */
    public enum Aggregate {
        /** The newest of them, within the lookback. */
        LAST,
        /** The smallest of those in the step that ends at that time. */
        MIN,
        /** The largest of them. */
        MAX,
        /** Their mean. */
        AVG
    }

    /** As many series as one answer has. */
    public static final int MOST_SERIES = 1_000;

    /** As many values as one answer has: 1.6 MB while it is being made. */
    public static final int MOST_VALUES = 100_000;

    /** Reads the values, series by series, unless they are too many; those without a value are left out. */
    public List<SeriesValues> read(SampleHistory history)
            throws StoreException, InterruptedException, BadQueryException {
        Collector collector = new Collector();
        history.read(
                wanted(),
                series -> series.kind() != Kind.TEXT && selector.accepts(Selector.labels(series)),
                collector::take);
        if (collector.tooMany) {
            throw new BadQueryException("the answer would have more than " + MOST_SERIES + " series or " + MOST_VALUES
                    + " values; take a longer step, or select fewer series");
        }
        return collector.byLabels.values().stream()
                .filter(values -> !values.isEmpty())
                .toList();
    }

    private HistoryQuery wanted() {
        // Whole steps, each of which ends with a time of the range.
        long steps = (window() + range.step() - 1) / range.step();
        Instant from = Instant.ofEpochMilli(range.start() - steps * range.step() + 1);
        HistoryQuery all = HistoryQuery.between(from, Instant.ofEpochMilli(range.end() + 1));
        return aggregate == Aggregate.LAST ? all.newestOfEach(Duration.ofMillis(range.step())) : all;
    }

    private long window() {
        return aggregate == Aggregate.LAST ? lookback : range.step();
    }

    private final class Collector {
        private final Map<SortedMap<String, String>, SeriesValues> byLabels = new LinkedHashMap<>();

        /** By identity: all runs of a reading have the same one, and its tags are long to compare. */
        private final IdentityHashMap<Series, SeriesValues> bySeries = new IdentityHashMap<>();

        private boolean tooMany;

        boolean take(SeriesRun run) {
            SeriesValues values = bySeries.computeIfAbsent(
                    run.series(),
                    series -> byLabels.computeIfAbsent(
                            Selector.labels(series), labels -> new SeriesValues(labels, range, aggregate, window())));
            tooMany = byLabels.size() > MOST_SERIES || (long) byLabels.size() * range.points() > MOST_VALUES;
            if (tooMany) {
                return false;
            }
            for (int i = 0; i < run.size(); i++) {
                values.add(run.timestamp(i), run.value(i));
            }
            return true;
        }
    }
}
