package io.tidewatch.store.sqlite.tables;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All layouts, of which the last used are in memory. Collectors that tick together mostly have one layout, for each of
 * their intervals. A series that is missing for once is a column that was not read, and a few new series get a layout of
 * their own, so that a tag that changes all the time does not write all columns anew with each of its values.
 */
public final class LayoutTable {
    /** Where a part of the samples of a batch goes. */
    static final class Part {
        final Layout layout;

        /** By column the index of the sample; -1 if there is none. */
        final int[] sources;

        Part(Layout layout, int[] sources) {
            this.layout = layout;
            this.sources = sources;
        }
    }

    private static final String ALL = "SELECT id, series FROM layout";

    /** What a column takes in a new layout: its id, in the table and in the index. */
    private static final int COLUMN_BYTES = 8;

    /** What a column takes that was not read. */
    private static final int NULL_BYTES = 5;

    /** What a pass takes beside its samples, with its entry of the index. */
    private static final int PASS_BYTES = 40;

    private final Database database;
    private final KnownLayouts known = new KnownLayouts();
    private final Map<Integer, Long> lastSeq = new HashMap<>();
    private int wasted;
    private int nextId = 1;
    private boolean changed;

    /** @param newestSeq no layout that is there has a pass behind this one */
    public LayoutTable(Database database, long newestSeq) throws SQLException {
        this.database = database;
        Sql.each(database.sql(ALL).query(), row -> {
            lastSeq.put(row.getInt(1), newestSeq);
            nextId = Math.max(nextId, row.getInt(1) + 1);
        });
    }

    /** @throws SQLException if there is no layout with this id: the file is damaged */
    public Layout get(int id) throws SQLException {
        Layout layout = known.byId(id);
        if (layout != null) {
            return layout;
        }
        try (ResultSet row =
                database.sql("SELECT series FROM layout WHERE id = ?").query(id)) {
            if (!row.next()) {
                throw Failures.damagedContent("passes refer to layout " + id + ", which the table of layouts lacks");
            }
            return known.keep(new Layout(id, Layout.seriesOf(id, row.getString(1))), false);
        }
    }

    /** Whether these are the columns of a layout, hence none twice. */
    public boolean isLayout(int[] series) {
        return known.of(series) != null;
    }

    /**
     * Where samples of these series go, none of them twice. A layout of just these is the best place; if there is none, one
     * that has most of them may do, with columns that are not read and with the other series in a layout of their own. What
     * such passes waste pays for a layout of just these: so one that is used again is made soon, and what comes once in many
     * ways costs no more than it saves.
     */
    List<Part> partsOf(int[] series) throws SQLException {
        Layout same = known.of(series);
        if (same != null) {
            return List.of(new Part(same, identity(series)));
        }
        Choice best = bestOf(series);
        int price = series.length * COLUMN_BYTES;
        if (best == null || best.cost() >= price || wasted >= price) {
            wasted = Math.max(0, wasted - price);
            return List.of(new Part(findOrCreate(series), identity(series)));
        }
        wasted += best.waste();
        List<Part> parts = new ArrayList<>();
        parts.add(best.part());
        if (!best.others().isEmpty()) {
            addParts(parts, series, best.others());
        }
        return parts;
    }

    /** A layout that has some of the series. */
    private record Choice(Part part, List<Integer> others, int waste, int cost) {}

    private @Nullable Choice bestOf(int[] series) {
        Map<Integer, Integer> indexOf = new HashMap<>();
        for (int i = 0; i < series.length; i++) {
            indexOf.put(series[i], i);
        }
        Choice best = null;
        for (Layout layout : known.with(series)) {
            int[] sources = IntStream.of(layout.series())
                    .map(id -> indexOf.getOrDefault(id, -1))
                    .toArray();
            Set<Integer> placed = IntStream.of(sources).boxed().collect(Collectors.toSet());
            placed.remove(-1);
            List<Integer> others = IntStream.range(0, series.length)
                    .boxed()
                    .filter(i -> !placed.contains(i))
                    .toList();
            int[] rest = others.stream().mapToInt(i -> series[i]).toArray();
            int missing = sources.length - placed.size();
            int waste = missing * NULL_BYTES + (rest.length == 0 ? 0 : PASS_BYTES);
            int cost = waste + (known.of(rest) == null ? rest.length * COLUMN_BYTES : 0);
            if (best == null || cost < best.cost()) {
                best = new Choice(new Part(layout, sources), others, waste, cost);
            }
        }
        return best;
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
    public @Nullable Set<Integer> removeUnused(long oldestSeq) throws SQLException {
        List<Integer> unused = lastSeq.entrySet().stream()
                .filter(layout -> layout.getValue() < oldestSeq)
                .map(Map.Entry::getKey)
                .toList();
        if (unused.isEmpty()) {
            return null;
        }
        changed = true;
        for (int id : unused) {
            database.sql("DELETE FROM layout WHERE id = ?").update(id);
        }
        Set<Integer> series = new HashSet<>();
        Sql.each(database.sql(ALL).query(), row -> {
            for (int id : Layout.seriesOf(row.getLong(1), row.getString(2))) {
                series.add(id);
            }
        });
        return series;
    }

    /** The layouts that were removed are gone. */
    public void removed(long oldestSeq) {
        lastSeq.values().removeIf(seq -> seq < oldestSeq);
        known.forget();
    }

    public void committed() {
        changed = false;
    }

    public void rolledBack() {
        if (changed) {
            known.forget();
            changed = false;
        }
    }

    private void addParts(List<Part> parts, int[] series, List<Integer> indices) throws SQLException {
        int[] others = indices.stream().mapToInt(i -> series[i]).toArray();
        for (Part part : partsOf(others)) {
            for (int i = 0; i < part.sources.length; i++) {
                part.sources[i] = part.sources[i] < 0 ? -1 : indices.get(part.sources[i]);
            }
            parts.add(part);
        }
    }

    /** The layout of these columns, which is created if it is new. */
    public Layout findOrCreate(int[] series) throws SQLException {
        String json = Layout.toJson(series);
        int id = (int) database.sql("SELECT id FROM layout WHERE series = ?").number(json);
        if (id == 0) {
            // Not the id of a layout that was removed: someone may be reading the passes of before.
            id = nextId++;
            database.sql("INSERT INTO layout(id, series) VALUES (?, ?)").update(id, json);
            changed = true;
        }
        return known.keep(new Layout(id, series), true);
    }

    private static int[] identity(int[] series) {
        return IntStream.range(0, series.length).toArray();
    }
}
