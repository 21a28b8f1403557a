package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A sample as it was read.
 *
 * @param number the number; of no meaning for a series of texts
 * @param text the text; empty for a number
 */
public record StoredSample(StoredSeries of, long time, double number, String text) {
    /** The samples of one series after the other, in the order of their ids; those of a series in their own. */
    public static List<SeriesRun> bySeries(List<StoredSample> samples) {
        return samples.stream()
                .collect(Collectors.groupingBy(sample -> sample.of().id(), TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(StoredSample::run)
                .toList();
    }

    private static SeriesRun run(List<StoredSample> samples) {
        StoredSeries of = samples.get(0).of();
        List<StoredSample> numbers = of.isText() ? List.of() : samples;
        List<StoredSample> texts = of.isText() ? samples : List.of();
        return new SeriesRun(
                of.series(),
                samples.stream().mapToLong(StoredSample::time).toArray(),
                numbers.stream().mapToDouble(StoredSample::number).toArray(),
                texts.stream().map(StoredSample::text).toArray(String[]::new));
    }
}
