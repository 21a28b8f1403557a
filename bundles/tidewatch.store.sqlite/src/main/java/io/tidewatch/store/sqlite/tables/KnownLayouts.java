package io.tidewatch.store.sqlite.tables;

import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The layouts that were used last, in memory. */
final class KnownLayouts {
    /** Columns of all layouts in memory: about 400 KB. */
    private static final int MOST_COLUMNS = 100_000;

    private final Map<Integer, Layout> byId = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<IntBuffer, Layout> bySeries = new HashMap<>();
    private final Map<Integer, Layout> latest = new HashMap<>();
    private int columns;

    @Nullable
    Layout byId(int id) {
        return byId.get(id);
    }

    /** The layout of just these columns, in this order. */
    @Nullable
    Layout of(int[] series) {
        return bySeries.get(IntBuffer.wrap(series));
    }

    /** For each of the series the layout that was found or made for it last. */
    Set<Layout> with(int[] series) {
        return IntStream.of(series)
                .filter(latest::containsKey)
                .mapToObj(latest::get)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** @param written whether passes of it are written now, instead of read */
    Layout keep(Layout layout, boolean written) {
        if (written) {
            for (int id : layout.series()) {
                latest.put(id, layout);
            }
        }
        bySeries.put(IntBuffer.wrap(layout.series()), layout);
        if (byId.put(layout.id(), layout) == null) {
            columns += layout.size();
        }
        var oldest = byId.values().iterator();
        while (columns > MOST_COLUMNS && byId.size() > 1) {
            Layout gone = oldest.next();
            oldest.remove();
            columns -= gone.size();
            bySeries.remove(IntBuffer.wrap(gone.series()));
        }
        return layout;
    }

    void forget() {
        byId.clear();
        bySeries.clear();
        latest.clear();
        columns = 0;
    }
}
