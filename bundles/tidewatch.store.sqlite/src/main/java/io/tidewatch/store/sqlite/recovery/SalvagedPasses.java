package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.api.store.Priority;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.Layout;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.SampleArray;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes passes from a damaged table into a new one, under their own numbers and with as many of their samples as have a
 * series.
 */
final class SalvagedPasses {
    private record SavedLayout(Layout layout, List<Integer> columns, int oldSize, boolean texts) {}

    private static final Logger LOG = LoggerFactory.getLogger(SalvagedPasses.class);

    private final SalvagedSeries series;
    private final PassTable passes;
    private final DeliveryTables quarantine;
    private final Map<Integer, long[]> oldLayouts = new HashMap<>();
    private final Map<Integer, SavedLayout> layoutsByOldId = new HashMap<>();
    private final SampleArray array = new SampleArray();
    private DeliveredRanges saved = DeliveredRanges.NONE;
    private long samples;
    private long orphans;

    SalvagedPasses(Database target, SalvagedSeries series) throws SQLException {
        this.series = series;
        passes = new PassTable(target);
        quarantine = new DeliveryTables(target);
    }

    long samples() {
        return samples;
    }

    /** Samples that could be read, but not to which series they belong, or with a value of another type. */
    long orphans() {
        return orphans;
    }

    /** Reads a layout unless it was read before; returns whether it can be read. */
    boolean readLayout(int id, @Nullable String json) {
        if (oldLayouts.containsKey(id)) {
            return true;
        }
        try {
            oldLayouts.put(id, Layout.idsOf(id, json));
            return true;
        } catch (SQLException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        }
    }

    /** Copies a pass of which a row has number, time, session, layout, priority, count and samples. */
    void copy(ResultSet row) throws SQLException {
        long seq = row.getLong(1);
        if (saved.contains(seq)) {
            return;
        }
        SavedLayout layout = layoutOf(row.getInt(4));
        int level = row.getInt(5);
        int claimed = Math.max(1, row.getInt(6));
        if (layout == null
                || !PassRow.isPossible(seq, row.getLong(2))
                || !canRead(row.getBytes(7), layout.oldSize(), seq)) {
            orphans += claimed;
            return;
        }
        SampleArray kept = new SampleArray();
        kept.clear(layout.columns().size());
        for (int i = 0; i < layout.columns().size(); i++) {
            int column = layout.columns().get(i);
            if (array.has(column) && array.isText(column) == layout.texts()) {
                kept.set(i, array, column);
            }
        }
        int count = kept.count();
        orphans += array.count() - count;
        if (count > 0) {
            saved = saved.plus(seq, seq);
            samples += count;
            int known = level < 0 || level >= PassRow.LEVELS ? Priority.NORMAL.level() : level;
            passes.insert(seq, row.getLong(2), row.getLong(3), layout.layout(), known, kept);
            if (layout.columns().size() < layout.oldSize()) {
                quarantine.columnsLost(seq, layout.columns());
            }
        }
    }

    private boolean canRead(byte @Nullable [] json, int columns, long seq) {
        try {
            array.read(json, columns, seq);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The layout of those of the series that were saved, and where they were; null if there are none. */
    private @Nullable SavedLayout layoutOf(int oldId) throws SQLException {
        SavedLayout known = layoutsByOldId.get(oldId);
        long[] old = oldLayouts.get(oldId);
        if (known != null || old == null) {
            return known;
        }
        boolean texts = Arrays.stream(old).anyMatch(id -> series.idOf(id, true) != null);
        List<Integer> columns = new ArrayList<>();
        int[] ids = new int[old.length];
        for (int column = 0; column < old.length; column++) {
            Integer id = series.idOf(old[column], texts);
            if (id != null) {
                ids[columns.size()] = id;
                columns.add(column);
            }
        }
        if (columns.isEmpty()) {
            return null;
        }
        Layout layout = passes.layouts().findOrCreate(Arrays.copyOf(ids, columns.size()));
        SavedLayout made = new SavedLayout(layout, columns, old.length, texts);
        layoutsByOldId.put(oldId, made);
        return made;
    }
}
