package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.PreparedSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All layouts, of which the last used are in memory. Passes of one collector mostly have one layout. A series that is
 * missing for once is a column that was not read, and a few new series get a layout of their own, so that a tag that
 * changes all the time does not write all columns anew with each of its values. Not safe for use by several threads.
 */
public final class LayoutTable {
    /** Where a part of the samples of a batch goes. */
    public static final class Part {
        private final Layout layout;
        private final int[] sources;

        public Part(Layout layout, int[] sources) {
            this.layout = layout;
            this.sources = sources;
        }

        /** The columns. */
        public Layout layout() {
            return layout;
        }

        /** By column the index of the sample; -1 if there is none. */
        public int[] sources() {
            return sources;
        }
    }

    /** Columns of all layouts in memory: about 400 KB. */
    private static final int MOST_COLUMNS = 100_000;

    /** Of a layout: fewer new series than this part of it get one of their own. */
    private static final int FEW = 8;

    /** Passes in a row with columns that were not read, until they get a layout without these: the series may be gone. */
    private static final int MOST_INCOMPLETE = 8;

    private final PreparedSql select;
    private final PreparedSql find;
    private final PreparedSql insert;
    private final PreparedSql all;
    private final PreparedSql remove;
    private final Map<Integer, Layout> byId = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Integer, Layout> latest = new HashMap<>();
    private final Map<Integer, Long> lastSeq = new HashMap<>();
    private final Map<Integer, Integer> incomplete = new HashMap<>();
    private int columns;
    private int nextId = 1;
    private boolean changed;

    /** @param newestSeq no layout that is there has a pass behind this one */
    public LayoutTable(Database database, long newestSeq) throws SQLException {
        select = database.prepare("SELECT series FROM layout WHERE id = ?");
        find = database.prepare("SELECT id FROM layout WHERE series = ?");
        insert = database.prepare("INSERT INTO layout(id, series) VALUES (?, ?)");
        all = database.prepare("SELECT id, series FROM layout");
        remove = database.prepare("DELETE FROM layout WHERE id = ?");
        try (ResultSet rows = all.executeQuery()) {
            while (rows.next()) {
                int id = rows.getInt(1);
                lastSeq.put(id, newestSeq);
                nextId = Math.max(nextId, id + 1);
            }
        }
    }

    /**
     * The layout with this id.
     *
     * @throws SQLException if there is none: the file is damaged
     */
    public Layout get(int id) throws SQLException {
        Layout known = byId.get(id);
        if (known != null) {
            return known;
        }
        select.setInt(1, id);
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw Failures.damagedContent("passes refer to layout " + id + ", which the table of layouts lacks");
            }
            return keep(new Layout(id, Layout.seriesOf(id, row.getString(1))));
        }
    }

    /** Whether these are the columns of a layout, hence none twice. */
    public boolean isLayout(int[] series) {
        Layout known = latestOf(series);
        return known != null && Arrays.equals(known.series(), series);
    }

    /** Where samples of these series go, none of them twice; creates layouts where that is better. */
    public List<Part> partsOf(int[] series) throws SQLException {
        Layout known = latestOf(series);
        if (known != null && Arrays.equals(known.series(), series)) {
            incomplete.remove(known.id());
            return List.of(new Part(known, identity(series.length)));
        }
        if (known == null) {
            return List.of(new Part(findOrCreate(series), identity(series.length)));
        }
        Map<Integer, Integer> columnOf = new HashMap<>();
        for (int column = 0; column < known.size(); column++) {
            columnOf.put(known.series()[column], column);
        }
        int[] sources = new int[known.size()];
        Arrays.fill(sources, -1);
        int[] others = new int[series.length];
        int rest = 0;
        for (int i = 0; i < series.length; i++) {
            Integer column = columnOf.get(series[i]);
            if (column == null) {
                others[rest++] = i;
            } else {
                sources[column] = i;
            }
        }
        boolean isComplete = series.length - rest == known.size();
        if ((series.length - rest) * 2 < known.size()
                || rest * FEW >= known.size()
                || isOftenIncomplete(known, isComplete)) {
            return List.of(new Part(findOrCreate(series), identity(series.length)));
        }
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(known, sources));
        if (rest > 0) {
            addParts(parts, series, Arrays.copyOf(others, rest));
        }
        return parts;
    }

    private boolean isOftenIncomplete(Layout layout, boolean isComplete) {
        if (isComplete) {
            incomplete.remove(layout.id());
            return false;
        }
        return incomplete.merge(layout.id(), 1, Integer::sum) > MOST_INCOMPLETE;
    }

    /** A pass of this layout was stored. Not undone by a rollback: later than true is harmless. */
    public void used(Layout layout, long seq) {
        lastSeq.merge(layout.id(), seq, Math::max);
    }

    /**
     * Removes the layouts without a pass.
     *
     * @param oldestSeq there is no pass before this one
     * @return the series of those that are left; null if none was removed
     */
    @Nullable
    public Set<Integer> removeUnused(long oldestSeq) throws SQLException {
        List<Integer> unused = lastSeq.entrySet().stream()
                .filter(layout -> layout.getValue() < oldestSeq)
                .map(Map.Entry::getKey)
                .toList();
        if (unused.isEmpty()) {
            return null;
        }
        changed = true;
        for (int id : unused) {
            remove.setInt(1, id);
            remove.executeUpdate();
        }
        Set<Integer> series = new HashSet<>();
        try (ResultSet rows = all.executeQuery()) {
            while (rows.next()) {
                for (int id : Layout.seriesOf(rows.getLong(1), rows.getString(2))) {
                    series.add(id);
                }
            }
        }
        return series;
    }

    /** The layouts that were removed are gone. */
    public void removed(long oldestSeq) {
        lastSeq.values().removeIf(seq -> seq < oldestSeq);
        forget();
    }

    public void committed() {
        changed = false;
    }

    public void rolledBack() {
        if (changed) {
            forget();
            changed = false;
        }
    }

    private void forget() {
        byId.clear();
        latest.clear();
        incomplete.clear();
        columns = 0;
    }

    private void addParts(List<Part> parts, int[] series, int[] indices) throws SQLException {
        int[] others = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            others[i] = series[indices[i]];
        }
        for (Part part : partsOf(others)) {
            int[] sources = part.sources();
            for (int i = 0; i < sources.length; i++) {
                sources[i] = sources[i] < 0 ? -1 : indices[sources[i]];
            }
            parts.add(part);
        }
    }

    private @Nullable Layout latestOf(int[] series) {
        for (int id : series) {
            Layout layout = latest.get(id);
            if (layout != null) {
                return layout;
            }
        }
        return null;
    }

    /** The layout of these columns, which is created if it is new. */
    public Layout findOrCreate(int[] series) throws SQLException {
        String json = Layout.toJson(series);
        int id = 0;
        find.setString(1, json);
        try (ResultSet found = find.executeQuery()) {
            if (found.next()) {
                id = found.getInt(1);
            }
        }
        if (id == 0) {
            // Not the id of a layout that was removed: someone may be reading the passes of before.
            id = nextId++;
            insert.setInt(1, id);
            insert.setString(2, json);
            insert.executeUpdate();
            changed = true;
        }
        Layout layout = keep(new Layout(id, series));
        for (int one : series) {
            latest.put(one, layout);
        }
        return layout;
    }

    private Layout keep(Layout layout) {
        if (byId.put(layout.id(), layout) == null) {
            columns += layout.size();
        }
        var oldest = byId.values().iterator();
        while (columns > MOST_COLUMNS && byId.size() > 1) {
            columns -= oldest.next().size();
            oldest.remove();
        }
        return layout;
    }

    private static int[] identity(int size) {
        int[] indices = new int[size];
        for (int i = 0; i < size; i++) {
            indices[i] = i;
        }
        return indices;
    }
}
