package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.WireRules;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over everything that is pending: live samples first, then the backlog by priority and age, with what has come
 * in live between any two of its deliveries. It ends when nothing is pending, when the server does not take what it is
 * given, or when something changed.
 *
 * <p>Used once, by one thread.
 */
final class DrainCycle {
    private static final Set<Priority> ALL = EnumSet.allOf(Priority.class);

    private final SampleStore store;
    private final UploaderSettings settings;
    private final Endpoint endpoint;
    private final Courier courier;
    private final Clock clock;
    private final BooleanSupplier halted;

    /** Live samples before this were refused in this cycle. */
    private Instant liveFloor = DeliveryQuery.BEGINNING;

    private @Nullable Failure failure;
    private Optional<Duration> postponement = Optional.empty();
    private boolean ended;

    /**
     * @param courier brings the deliveries to the server
     * @param clock what is live is told by it
     * @param halted asked between requests: whether to leave off
     */
    DrainCycle(
            SampleStore store,
            UploaderSettings settings,
            Endpoint endpoint,
            Courier courier,
            Clock clock,
            BooleanSupplier halted) {
        this.store = store;
        this.settings = settings;
        this.endpoint = endpoint;
        this.courier = courier;
        this.clock = clock;
        this.halted = halted;
    }

    /**
     * Delivers until the end of the cycle.
     *
     * @throws StoreException if the store fails
     */
    void run() throws StoreException, InterruptedException {
        live();
        for (Priority priority : Priority.values()) {
            if (!ended) {
                backlog(priority);
            }
        }
    }

    /** Why samples are still pending, or null. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** How long the server asks to be left alone. */
    Optional<Duration> postponement() {
        return postponement;
    }

    private void live() throws StoreException, InterruptedException {
        Delivery delivery = null;
        do {
            Instant from = liveFrom();
            delivery = next(
                    from.isAfter(liveFloor) ? from : liveFloor,
                    WireRules.horizon(clock.instant()),
                    ALL,
                    settings.batchSize());
            if (delivery != null && deliver(delivery)) {
                liveFloor = behind(delivery);
            }
        } while (delivery != null && !ended);
    }

    private void backlog(Priority priority) throws StoreException, InterruptedException {
        Instant from = DeliveryQuery.BEGINNING;
        while (!ended) {
            Delivery delivery = next(from, liveFrom(), Set.of(priority), settings.backlogSize());
            if (delivery == null) {
                return;
            }
            if (deliver(delivery)) {
                from = behind(delivery);
            }
            if (!ended) {
                live();
            }
        }
    }

    private @Nullable Delivery next(Instant from, Instant until, Set<Priority> priorities, int maxSamples)
            throws StoreException {
        if (halted.getAsBoolean()) {
            ended = true;
        }
        return ended || !from.isBefore(until)
                ? null
                : store.next(new DeliveryQuery(from, until, priorities, maxSamples))
                        .orElse(null);
    }

    /** @return whether a part was refused: it is still pending, and to be passed over in this cycle */
    private boolean deliver(Delivery delivery) throws StoreException, InterruptedException {
        Courier.Outcome outcome = courier.deliver(store, delivery, settings, endpoint, halted);
        ended |= outcome.halted();
        if (outcome.failure() == null) {
            return false;
        }
        failure = outcome.failure();
        postponement = outcome.postponement();
        // Nothing of it went through: it is the server, and trying all the rest would only cost bytes.
        boolean passable = outcome.failure() instanceof Answer.Refused && outcome.settled() > 0;
        ended |= !passable;
        return passable;
    }

    private Instant liveFrom() {
        return clock.instant().minus(settings.uploadInterval().multipliedBy(2));
    }

    private static Instant behind(Delivery delivery) {
        long last = 0;
        for (SeriesSamples samples : delivery.series()) {
            last = Math.max(last, samples.timestamp(samples.size() - 1));
        }
        return Instant.ofEpochMilli(last + 1);
    }
}
