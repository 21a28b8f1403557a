package io.tidewatch.store.sqlite.tables;

import java.sql.SQLException;

/** Moves samples of a pass into a pass of their own. Not safe for use by several threads. */
public final class PassSplit {
    private final PassTable passes;
    private final LayoutTable layouts;
    private final SampleArray array = new SampleArray();
    private final SampleArray rest = new SampleArray();

    public PassSplit(PassTable passes, LayoutTable layouts) {
        this.passes = passes;
        this.layouts = layouts;
    }

    /** Which columns of a pass become a new one. */
    public interface Away {
        boolean goes(int column, int seriesId);
    }

    /** Moves columns of a pass into a new one of the same time; returns how many samples that has. */
    public int split(PassRow pass, Away away) throws SQLException {
        return split(pass, pass.time(), away);
    }

    /** The same with a new one of another time. A pass without a sample left is removed. */
    public int split(PassRow pass, long time, Away away) throws SQLException {
        Layout layout = passes.read(pass.seq(), array, layouts);
        rest.clear(layout.size());
        for (int column = 0; column < layout.size(); column++) {
            if (array.has(column) && away.goes(column, layout.series()[column])) {
                rest.set(column, array, column);
                array.set(column, Double.NaN, null);
            }
        }
        int count = rest.count();
        if (count > 0) {
            if (array.count() == 0) {
                passes.remove(pass.seq());
            } else {
                passes.replace(pass.seq(), array);
            }
            long seq = passes.insert(time, pass.session(), layout, pass.level(), rest);
            layouts.used(layout, seq);
        }
        return count;
    }
}
