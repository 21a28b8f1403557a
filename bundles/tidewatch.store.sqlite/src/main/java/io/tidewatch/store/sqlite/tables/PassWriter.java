package io.tidewatch.store.sqlite.tables;

import java.sql.SQLException;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes samples of one time as passes, each point once: a series has one sample at a time. */
public final class PassWriter {
    private final PassTable passes;
    private final LayoutTable layouts;
    private final SampleArray array = new SampleArray();

    public PassWriter(PassTable passes) {
        this.passes = passes;
        this.layouts = passes.layouts();
    }

    /**
     * Drops the series that have a sample at this time already, or are there twice.
     *
     * @param ids ids of series; a dropped one becomes {@link SeriesTable#NONE}
     * @return how many were dropped
     */
    public int dropDuplicates(long time, int[] ids) throws SQLException {
        Set<Integer> there = passes.seriesAt(time, any -> true);
        if (there.isEmpty() && layouts.isLayout(ids)) {
            return 0;
        }
        int dropped = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] > 0 && !there.add(ids[i])) {
                ids[i] = SeriesTable.NONE;
                dropped++;
            }
        }
        return dropped;
    }

    /**
     * Writes the numbers, or the texts, among samples.
     *
     * @param ids the ids of their series; what has none is left out
     * @return how many were written
     */
    public int write(
            long time, long session, int level, int[] ids, double[] numbers, @Nullable String[] texts, boolean ofTexts)
            throws SQLException {
        int[] indices = IntStream.range(0, ids.length)
                .filter(i -> ids[i] > 0 && (texts[i] != null) == ofTexts)
                .toArray();
        if (indices.length == 0) {
            return 0;
        }
        int[] series = IntStream.of(indices).map(i -> ids[i]).toArray();
        for (LayoutTable.Part part : layouts.partsOf(series)) {
            int[] sources = part.sources;
            array.clear(sources.length);
            for (int column = 0; column < sources.length; column++) {
                if (sources[column] >= 0) {
                    int index = indices[sources[column]];
                    array.set(column, numbers[index], texts[index]);
                }
            }
            passes.insert(time, session, part.layout, level, array);
        }
        return indices.length;
    }
}
