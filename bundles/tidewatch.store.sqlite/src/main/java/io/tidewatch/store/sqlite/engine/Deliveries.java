package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.delivery.Backlog;
import io.tidewatch.store.sqlite.delivery.CompletedSamples;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.InFlightDelivery;
import io.tidewatch.store.sqlite.delivery.OutcomeWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Deliveries, each under the lock of the store; see {@link SampleStore}. Safe for use by several threads. */
final class Deliveries {
    private final Writer writer;
    private final DeliveryState state;
    private final Backlog backlog;
    private final OutcomeWriter outcomes;
    private final Clock clock;

    Deliveries(Writer writer, Tables tables, Backlog backlog, Clock clock) {
        this.writer = writer;
        this.backlog = backlog;
        this.clock = clock;
        state = tables.deliveries();
        outcomes = new OutcomeWriter(tables.passes(), state);
    }

    Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        Schema.requireDestination(query.destination());
        return writer.locked("Reading pending samples", () -> Optional.ofNullable(backlog.next(query)));
    }

    void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
        String action = "Completing a delivery";
        writer.locked(action, () -> {
            InFlightDelivery inFlight = state.inFlight();
            if (inFlight == null || inFlight.delivery() != delivery) {
                throw new AbandonedDeliveryException(delivery.batchId());
            }
            CompletedSamples completed = new CompletedSamples(delivery.series(), outcome);
            writer.transaction(action, () -> {
                outcomes.write(inFlight, completed, outcome, clock.millis());
                return completed;
            });
            state.inFlight(null);
            return completed;
        });
    }

    long resend(String destination, Instant acknowledgedSince) throws StoreException {
        Schema.requireDestination(destination);
        String action = "Marking samples for resend";
        return writer.locked(action, () -> {
            state.inFlight(null);
            return writer.transaction(action, () -> backlog.resend(Millis.atOrBefore(acknowledgedSince)));
        });
    }
}
