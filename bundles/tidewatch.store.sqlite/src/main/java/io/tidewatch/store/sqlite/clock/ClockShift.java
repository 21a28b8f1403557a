package io.tidewatch.store.sqlite.clock;

import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.tables.Layout;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.SampleArray;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Moves passes of a session in time: those that are pending, and texts. All of them get the step at once; then samples
 * that meet another of their series, which has not moved, take the next free millisecond, and those behind them make way.
 */
public final class ClockShift {
    private static final int SAMPLES_PER_PAGE = 20_000;
    private static final int BLOCK = 1 << 16;

    private final PassTable passes;
    private final DeliveryState state;
    private final SampleArray array = new SampleArray();

    /** The passes that move, by {@value #BLOCK} numbers: damage may have left a gap of any size between two. */
    private final Map<Long, BitSet> moved = new HashMap<>();

    private long count;

    /** The last time that was taken, of series of which a sample had to make way. */
    private final Map<Integer, Long> taken = new HashMap<>();

    public ClockShift(Tables tables) {
        passes = tables.passes();
        state = tables.deliveries();
    }

    /** @throws IllegalArgumentException if a stretch is moved out of the times that samples can have */
    public static void requirePossible(long from, long until, long step) {
        if (Math.abs(step) > Millis.END || from + step < 0 || until + step > Millis.END) {
            throw new IllegalArgumentException("Moved by " + Duration.ofMillis(step) + ", " + Instant.ofEpochMilli(from)
                    + " to " + Instant.ofEpochMilli(until) + " is out of the times that samples can have");
        }
    }

    /**
     * Moves them in the caller's transaction; no delivery is in flight.
     *
     * @param session number of the session that stored them
     * @return how many samples moved
     */
    public long shift(long session, long from, long until, long step) throws SQLException {
        if (step == 0 || from >= until) {
            return 0;
        }
        count = 0;
        moved.clear();
        passes.byTime(from, until, row -> {
            if (row.session() == session && (row.texts() > 0 || state.isPending(row))) {
                requirePossible(row.time(), row.time(), step);
                moved.computeIfAbsent(row.seq() / BLOCK, block -> new BitSet()).set((int) (row.seq() % BLOCK));
                count += row.size();
            }
            return true;
        });
        passes.moveSession(session, from, until, step);
        taken.clear();
        long position = from + step;
        while (position < until + step) {
            position = makeWay(position, until + step);
        }
        state.recount();
        return count;
    }

    private boolean isMoved(long seq) {
        BitSet block = moved.get(seq / BLOCK);
        return block != null && block.get((int) (seq % BLOCK));
    }

    /** Looks at some of the passes that have moved; returns where to go on. */
    private long makeWay(long from, long until) throws SQLException {
        PassTable.Page next = passes.page(from, until, SAMPLES_PER_PAGE);
        List<PassRow> page = next.passes();
        for (int i = 0; i < page.size(); i++) {
            PassRow row = page.get(i);
            boolean alone = (i == 0 || page.get(i - 1).time() != row.time())
                    && (i + 1 == page.size() || page.get(i + 1).time() != row.time());
            if (isMoved(row.seq()) && (!alone || !taken.isEmpty())) {
                makeWay(row);
            }
        }
        return next.end();
    }

    /** Gives the samples of a pass other times that must not keep theirs, in passes of their own. */
    private void makeWay(PassRow row) throws SQLException {
        Layout layout = passes.read(row.seq(), array);
        Map<Long, List<Integer>> away = new TreeMap<>();
        for (int column = 0; column < layout.size(); column++) {
            if (array.has(column)) {
                int id = layout.series()[column];
                long time = Math.max(row.time(), taken.getOrDefault(id, -1L) + 1);
                // Where the series has a sample that has not moved, or that has made way.
                while (passes.seriesAt(time, seq -> !isMoved(seq)).contains(id)) {
                    time++;
                }
                if (time != row.time()) {
                    taken.put(id, time);
                    away.computeIfAbsent(time, key -> new ArrayList<>()).add(column);
                }
            }
        }
        for (Map.Entry<Long, List<Integer>> target : away.entrySet()) {
            passes.split(row, target.getKey(), (column, id) -> target.getValue().contains(column));
        }
    }
}
