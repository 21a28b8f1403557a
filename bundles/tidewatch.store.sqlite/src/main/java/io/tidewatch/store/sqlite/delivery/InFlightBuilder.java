package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.tables.Layout;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Collects the samples of a delivery in ascending order of time, whole instants, up to a number. One builder makes one
 * delivery after the other: while a backlog drains they have one size, and new arrays for each would fill the heap.
 */
final class InFlightBuilder {
    private static final int LEAST_ROOM = 256;

    /**
     * Passes of other priorities that are noted, of which there are more only where one priority has a backlog and another
     * has next to none. The passes of the delivery itself are all noted: what is not is never marked as delivered.
     */
    private static final int MOST_LOOKED = 100_000;

    private int maxSamples;
    private int[] slots = new int[LEAST_ROOM];
    private int[] pass = new int[LEAST_ROOM];
    private double[] values = new double[LEAST_ROOM];
    private int size;
    private int instantStart;
    private final List<PassRow> passes = new ArrayList<>();
    private int passesAtInstantStart;
    private long[] looked = new long[LEAST_ROOM];
    private int lookedCount;
    private int lookedAtInstantStart;
    private long instant;
    private final Map<Integer, Integer> slotOf = new HashMap<>();
    private final Map<Layout, int[]> slotsOf = new HashMap<>();
    private final List<StoredSeries> series = new ArrayList<>();

    /** Starts a delivery, and frees room of which the last one has used less than a quarter. */
    void reset(int most) {
        if (size < slots.length / 4) {
            int room = Math.max(LEAST_ROOM, slots.length / 4);
            slots = new int[room];
            pass = new int[room];
            values = new double[room];
        }
        looked = lookedCount < looked.length / 4 ? new long[Math.max(LEAST_ROOM, looked.length / 4)] : looked;
        passes.clear();
        series.clear();
        slotOf.clear();
        slotsOf.clear();
        maxSamples = most;
        size = 0;
        lookedCount = 0;
        instant = -1;
        instantStart = 0;
    }

    /** Notes a pass that is not part of the delivery: it is delivered, or not wanted. */
    void look(long seq) {
        if (lookedCount < MOST_LOOKED) {
            note(seq);
        }
    }

    private void note(long seq) {
        looked = lookedCount == looked.length ? Arrays.copyOf(looked, lookedCount * 2) : looked;
        looked[lookedCount++] = seq;
    }

    /**
     * Takes a pass, whose samples follow; false if there is no room for it. Then the instant it belongs to is left out
     * whole, and this builder is complete.
     *
     * @param row says how many
     */
    boolean begin(PassRow row) {
        if (row.time() != instant) {
            instant = row.time();
            instantStart = size;
            passesAtInstantStart = passes.size();
            lookedAtInstantStart = lookedCount;
        }
        if (size + row.numbers() > maxSamples && instantStart > 0) {
            size = instantStart;
            passes.subList(passesAtInstantStart, passes.size()).clear();
            lookedCount = lookedAtInstantStart;
            return false;
        }
        passes.add(row);
        note(row.seq());
        return true;
    }

    /** Whether there is no room for another instant. */
    boolean isFull(long time) {
        return size >= maxSamples && time != instant;
    }

    /** Where the samples of each column of a layout go. */
    int[] slots(Layout layout, SeriesTable table) throws SQLException {
        int[] known = slotsOf.get(layout);
        if (known != null) {
            return known;
        }
        int[] columns = layout.series();
        int[] made = new int[columns.length];
        for (int i = 0; i < columns.length; i++) {
            Integer slot = slotOf.get(columns[i]);
            if (slot == null) {
                slot = series.size();
                // There is such a series, or the file is damaged.
                series.add(table.get(columns[i]));
                slotOf.put(columns[i], slot);
            }
            made[i] = slot;
        }
        slotsOf.put(layout, made);
        return made;
    }

    /** A sample of the pass that was taken last. */
    void add(int slot, double value) {
        if (size == slots.length) {
            // One instant alone may have more samples than are wanted.
            int room = size < maxSamples ? Math.min(size * 2, maxSamples) : size * 2;
            slots = Arrays.copyOf(slots, room);
            pass = Arrays.copyOf(pass, room);
            values = Arrays.copyOf(values, room);
        }
        slots[size] = slot;
        pass[size] = passes.size() - 1;
        values[size++] = value;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns the delivery of what was collected. */
    InFlightDelivery build(boolean[] wanted, long from, long continuation) {
        int[] counts = new int[series.size()];
        for (int i = 0; i < size; i++) {
            counts[slots[i]]++;
        }
        long[][] times = new long[counts.length][];
        double[][] numbers = new double[counts.length][];
        int[][] passesOf = new int[counts.length][];
        for (int slot = 0; slot < counts.length; slot++) {
            times[slot] = new long[counts[slot]];
            numbers[slot] = new double[counts[slot]];
            passesOf[slot] = new int[counts[slot]];
        }
        int[] filled = new int[counts.length];
        for (int i = 0; i < size; i++) {
            int slot = slots[i];
            int at = filled[slot]++;
            times[slot][at] = passes.get(pass[i]).time();
            numbers[slot][at] = values[i];
            passesOf[slot][at] = pass[i];
        }
        int[] present = IntStream.range(0, counts.length)
                .filter(slot -> counts[slot] > 0)
                .toArray();
        List<SeriesSamples> samples = IntStream.of(present)
                .mapToObj(slot -> new SeriesSamples(series.get(slot).series(), times[slot], numbers[slot]))
                .toList();
        long[] seqs = Arrays.copyOf(looked, lookedCount);
        Arrays.sort(seqs);
        return new InFlightDelivery(
                new Delivery(UUID.randomUUID(), samples),
                IntStream.of(present).map(slot -> series.get(slot).id()).toArray(),
                IntStream.of(present).mapToObj(slot -> passesOf[slot]).toArray(int[][]::new),
                List.copyOf(passes),
                seqs,
                wanted,
                from,
                continuation);
    }
}
