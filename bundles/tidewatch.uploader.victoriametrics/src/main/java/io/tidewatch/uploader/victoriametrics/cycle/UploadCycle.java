package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.WireRules;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.cycle.RefusedSamples.Effort;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.restart.ServerWatch;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass over everything that is pending: live samples first, then the backlog by priority and age, with what has come
 * in live in between. It ends when nothing is pending, when the server does not take what it is given, or when something
 * changed.
 *
 * <p>At most one delivery is in memory: a live one of {@code batch.size} samples, or one of the backlog, which is as wide
 * as it must be to fill the lines of its series, up to 50,000 samples (16 bytes each); a single instant that holds more
 * comes whole.
 *
 * <p>Used once, by one thread.
 */
public final class UploadCycle {
    private static final int MOST_UNPROVEN = 3;
    private static final Set<Priority> ALL = EnumSet.allOf(Priority.class);

    private final SampleStore store;
    private final UploaderSettings settings;
    private final Deliverers deliverers;
    private final InstantSource clock;
    private final BooleanSupplier halted;
    private final BacklogPermit backlogPermit;

    /** Live samples go whatever they cost. */
    private final Permit livePermit;

    /** Live samples before this were refused in this cycle. */
    private Instant liveFloor = DeliveryQuery.BEGINNING;

    private @Nullable Failure failure;
    private Optional<Duration> postponement = Optional.empty();
    private boolean ended;

    /** Whether samples were skipped that may be bad. */
    private boolean left;

    private int unproven;

    /** What outlives a cycle; the bandwidth is what the backlog has spent. */
    public record Deliverers(
            ChunkSender sender, ServerWatch watch, UploadReport report, Bandwidth bandwidth, Timing timing) {}

    /** @param halted asked between requests: whether to leave off */
    public UploadCycle(SampleStore store, UploaderSettings settings, Deliverers deliverers, BooleanSupplier halted) {
        this.store = store;
        this.settings = settings;
        this.deliverers = deliverers;
        this.clock = deliverers.timing().clock();
        this.halted = halted;
        this.livePermit = halted::getAsBoolean;
        this.backlogPermit = new BacklogPermit(deliverers.bandwidth(), settings, deliverers.timing(), halted);
    }

    public void run() throws StoreException, InterruptedException {
        live();
        for (Priority priority : Priority.values()) {
            backlog(Set.of(priority), Effort.QUICK);
        }
        if (left && !ended && unproven == 0) {
            failure = null;
            backlog(ALL, Effort.THOROUGH);
        }
    }

    /** Why samples are still pending, or null. */
    @Nullable
    public Failure failure() {
        return failure;
    }

    public Optional<Duration> postponement() {
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
            if (delivery != null && deliver(delivery, livePermit, Effort.LIVE)) {
                liveFloor = behind(delivery);
            }
        } while (delivery != null && !ended);
        backlogPermit.liveSent();
    }

    private void backlog(Set<Priority> priorities, Effort effort) throws StoreException, InterruptedException {
        Instant from = DeliveryQuery.BEGINNING;
        int series = 0;
        while (!ended) {
            Permit.Next next = backlogPermit.next();
            ended = next == Permit.Next.HALT;
            if (!ended && (next == Permit.Next.YIELD || backlogPermit.liveIsDue())) {
                live();
            }
            Delivery delivery = next(from, liveFrom(), priorities, settings.backlogSize(series));
            if (delivery == null) {
                return;
            }
            series = delivery.series().size();
            if (deliver(delivery, backlogPermit, effort)) {
                from = behind(delivery);
            }
        }
    }

    private @Nullable Delivery next(Instant from, Instant until, Set<Priority> priorities, int maxSamples)
            throws StoreException {
        if (halted.getAsBoolean()) {
            ended = true;
        }
        if (ended || !from.isBefore(until)) {
            return null;
        }
        // Between two deliveries, since it abandons the one in flight.
        deliverers.watch().resend(store, settings);
        return store.next(new DeliveryQuery(UploaderSettings.DESTINATION, from, until, priorities, maxSamples))
                .orElse(null);
    }

    /** @return whether a part is still pending, and to be skipped in this pass */
    private boolean deliver(Delivery delivery, Permit permit, Effort effort)
            throws StoreException, InterruptedException {
        DeliveryProgress outcome = deliverers.sender().deliver(store, delivery, settings, permit, effort);
        ended |= outcome.halted;
        left |= outcome.left;
        if (outcome.failure == null) {
            unproven = 0;
            if (outcome.completesAny()) {
                deliverers.report().fine();
            }
            return outcome.left && isPassedOver(outcome, effort);
        }
        failure = outcome.failure;
        unproven = outcome.proven ? 0 : unproven;
        postponement = outcome.postponement;
        boolean refused = outcome.failure.reason() == Reason.REFUSED;
        // Of a server that accepts nothing at all a few deliveries show that as well as all of them.
        unproven += refused && !outcome.proven ? 1 : 0;
        ended |= !refused || unproven >= MOST_UNPROVEN;
        return isPassedOver(outcome, effort);
    }

    private static boolean isPassedOver(DeliveryProgress outcome, Effort effort) {
        return !outcome.completesAny() || (effort != Effort.THOROUGH && !outcome.unsent);
    }

    private Instant liveFrom() {
        return clock.instant().minus(settings.uploadInterval().multipliedBy(2));
    }

    private static Instant behind(Delivery delivery) {
        return Instant.ofEpochMilli(1
                + delivery.series().stream()
                        .mapToLong(samples -> samples.timestamp(samples.size() - 1))
                        .max()
                        .orElse(0));
    }
}
