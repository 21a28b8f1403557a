package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.PassTable;
import java.sql.SQLException;
import java.util.Set;

/** Writes the outcome of deliveries under the lock: delivered ranges, acknowledged chunks, quarantine. */
public final class OutcomeWriter {
    private final Writer writer;
    private final PassTable passes;
    private final DeliveryState state;
    private final DeliveryTables tables;

    public OutcomeWriter(Writer writer, Tables tables) {
        this.writer = writer;
        passes = tables.passes();
        state = tables.deliveries();
        this.tables = state.tables();
    }

    /** See {@link SampleStore#complete}. */
    public void complete(Delivery delivery, DeliveryOutcome outcome, long now) throws StoreException {
        String action = "Completing a delivery";
        writer.locked(action, () -> {
            InFlightDelivery inFlight = state.inFlight();
            if (inFlight == null || inFlight.delivery() != delivery) {
                throw new AbandonedDeliveryException(delivery.batchId());
            }
            CompletedSamples completed = new CompletedSamples(inFlight, outcome);
            writer.inTransaction(action, () -> {
                write(inFlight, completed, outcome, now);
                return completed;
            });
            state.inFlight(null);
            return completed;
        });
    }

    private void write(InFlightDelivery inFlight, CompletedSamples completed, DeliveryOutcome outcome, long now)
            throws SQLException {
        long[] left = inFlight.nextPending.clone();
        deliverLooked(inFlight);
        for (DeliveryOutcome.Acknowledgement chunk : outcome.acknowledged()) {
            acknowledge(inFlight, completed, chunk);
        }
        completePasses(inFlight, completed, left);
        for (DeliveryOutcome.Rejection rejection : outcome.rejected()) {
            quarantine(inFlight, completed, rejection, now);
        }
        state.pending().lookedAt(inFlight.wanted, inFlight.from, left);
    }

    /** Marks all passes that were looked at as delivered, of the wanted priorities, in as few ranges as there are gaps. */
    private void deliverLooked(InFlightDelivery inFlight) throws SQLException {
        long[] looked = inFlight.looked;
        int i = 0;
        while (i < looked.length) {
            // Numbers that no pass has any more lie between as well.
            long first = passes.before(looked[i]) + 1;
            int last = i;
            while (last + 1 < looked.length
                    && (looked[last + 1] == looked[last] + 1 || passes.before(looked[last + 1]) == looked[last])) {
                last++;
            }
            for (int level = 0; level < PassRow.LEVELS; level++) {
                if (inFlight.wanted[level]) {
                    state.deliver(level, first, looked[last]);
                }
            }
            i = last + 1;
        }
    }

    private void acknowledge(
            InFlightDelivery inFlight, CompletedSamples completed, DeliveryOutcome.Acknowledgement chunk)
            throws SQLException {
        long first = Long.MAX_VALUE;
        long last = 0;
        long oldest = Long.MAX_VALUE;
        int priorities = 0;
        for (Slice slice : chunk.slices()) {
            int index = completed.indexOf(slice);
            for (int i = slice.from(); i < slice.to(); i++) {
                PassRow pass = inFlight.passes.get(inFlight.passOf[index][i]);
                first = Math.min(first, pass.seq());
                last = Math.max(last, pass.seq());
                oldest = Math.min(oldest, pass.time());
                priorities |= 1 << pass.level();
            }
        }
        if (last > 0) {
            tables.acknowledged(
                    inFlight.delivery().batchId(), chunk, new DeliveryTables.Touched(first, last, priorities, oldest));
        }
    }

    private void completePasses(InFlightDelivery inFlight, CompletedSamples completed, long[] left)
            throws SQLException {
        for (int i = 0; i < inFlight.passes.size(); i++) {
            PassRow pass = inFlight.passes.get(i);
            Set<Integer> series = completed.left(i);
            int done = pass.numbers() - series.size();
            state.historyAt(pass.time());
            if (done == 0) {
                state.retract(pass.level(), pass.seq(), pass.seq());
            } else if (!series.isEmpty()) {
                passes.split(pass, pass.time(), (column, id) -> series.contains(id));
            }
            if (done > 0) {
                state.pending().remove(pass.level(), done);
            }
            if (!series.isEmpty()) {
                left[pass.level()] = Math.min(left[pass.level()], pass.time());
            }
        }
    }

    private void quarantine(
            InFlightDelivery inFlight, CompletedSamples completed, DeliveryOutcome.Rejection rejection, long now)
            throws SQLException {
        Slice slice = rejection.slice();
        int index = completed.indexOf(slice);
        int id = inFlight.seriesIds[index];
        for (int i = slice.from(); i < slice.to(); i++) {
            long seq = inFlight.passes.get(inFlight.passOf[index][i]).seq();
            int column = passes.layoutOf(seq).columnOf(id);
            if (column < 0) {
                throw Failures.damagedContent("pass " + seq + " has no column of series " + id);
            }
            state.quarantined(tables.quarantine(seq, column, rejection.reason(), now));
        }
    }
}
