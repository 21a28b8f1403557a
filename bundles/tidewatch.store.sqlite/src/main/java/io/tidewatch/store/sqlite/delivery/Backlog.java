package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.PendingCount;
import io.tidewatch.store.sqlite.tables.SampleArray;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads pending passes for deliveries, and makes delivered ones pending again for a resend, each under the lock. */
public final class Backlog {
    private final Writer writer;
    private final PassTable passes;
    private final SeriesTable series;
    private final DeliveryState state;
    private final DeliveryTables tables;
    private final InFlightBuilder builder = new InFlightBuilder();
    private final SampleArray array = new SampleArray();

    public Backlog(Writer writer, Tables tables) {
        this.writer = writer;
        passes = tables.passes();
        series = tables.series();
        state = tables.deliveries();
        this.tables = state.tables();
    }

    /** See {@link SampleStore#next}. */
    public Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        Schema.requireDestination(query.destination());
        return writer.locked("Reading pending samples", () -> Optional.ofNullable(oldest(query)));
    }

    /** Returns the oldest wanted samples that are pending; null if there are none. Abandons the delivery before it. */
    private @Nullable Delivery oldest(DeliveryQuery query) throws SQLException {
        state.inFlight(null);
        PendingCount pending = state.pending();
        long from = Millis.atOrAfter(query.from());
        long until = Millis.atOrAfter(query.until());
        boolean[] wanted = new boolean[PassRow.LEVELS];
        for (Priority priority : query.priorities()) {
            wanted[priority.level()] = true;
        }
        long start = Math.max(from, pending.oldest(wanted));
        if (start >= until) {
            return null;
        }
        builder.reset(query.maxSamples());
        long[] first = new long[PassRow.LEVELS];
        Arrays.fill(first, until);
        long continuation = passes.byTime(start, until, row -> {
            if (builder.isFull(row.time())) {
                return false;
            }
            if (wanted[row.level()] && state.isPending(row)) {
                first[row.level()] = Math.min(first[row.level()], row.time());
                return take(row);
            }
            if (!state.isDelivered(wanted, row.seq())) {
                builder.look(row.seq());
            }
            return true;
        });
        for (int level = 0; level < first.length; level++) {
            first[level] = Math.min(first[level], continuation);
        }
        // All that is pending up to the end was seen; the next one need not start before what was found.
        pending.lookedAt(wanted, start, first);
        if (builder.isEmpty()) {
            return null;
        }
        InFlightDelivery inFlight = builder.build(wanted, from, continuation);
        state.inFlight(inFlight);
        return inFlight.delivery();
    }

    private boolean take(PassRow row) throws SQLException {
        if (!builder.begin(row)) {
            return false;
        }
        int[] slots = builder.slots(passes.read(row.seq(), array), series);
        if (array.numbers() != row.numbers()) {
            throw Failures.damagedContent(
                    "pass " + row.seq() + " has " + array.numbers() + " numbers, and not " + row.numbers());
        }
        for (int i = 0; i < slots.length; i++) {
            double number = array.number(i);
            if (!Double.isNaN(number)) {
                builder.add(slots[i], number);
            }
        }
        return true;
    }

    /** See {@link SampleStore#resend}. */
    public long resend(String destination, Instant acknowledgedSince) throws StoreException {
        Schema.requireDestination(destination);
        return writer.abandoning("Marking samples for resend", () -> resend(Millis.atOrBefore(acknowledgedSince)));
    }

    private long resend(long since) throws SQLException {
        DeliveredRanges[] acknowledged = tables.acknowledgedSince(since);
        long count = 0;
        for (int level = 0; level < acknowledged.length; level++) {
            for (Map.Entry<Long, Long> range : acknowledged[level].lastByFirst().entrySet()) {
                count += resend(level, range.getKey(), range.getValue());
            }
        }
        return count;
    }

    private long resend(int level, long first, long last) throws SQLException {
        long before = state.pending().total();
        List<PassRow> quarantined = new ArrayList<>();
        passes.bySeq(first, last, row -> {
            if (row.level() == level && row.numbers() > 0 && !state.isPending(row)) {
                if (state.quarantined() > 0 && !tables.quarantined(row.seq()).isEmpty()) {
                    quarantined.add(row);
                } else {
                    state.pending().add(level, row.time(), row.numbers());
                }
            }
            return true;
        });
        state.retract(level, first, last);
        for (PassRow row : quarantined) {
            state.deliver(level, row.seq(), row.seq());
            BitSet stays = tables.quarantined(row.seq());
            int samples = passes.split(row, row.time(), (column, id) -> !stays.get(column));
            if (samples > 0) {
                state.pending().add(level, row.time(), samples);
            }
        }
        return state.pending().total() - before;
    }
}
