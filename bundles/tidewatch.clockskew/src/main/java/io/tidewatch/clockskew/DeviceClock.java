package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.clockskew.StepCheck.Decision;
import io.tidewatch.clockskew.StepCheck.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that samples are stamped with. All samples of a boot are on one clock: when the system's steps, either the step
 * is accepted, the stamps follow and the store moves what was stamped before, or the stamps stay on the clock from before
 * the step. At every reading it looks whether the system's clock stepped since the one before.
 *
 * <p>Safe for use by several threads.
 */
final class DeviceClock {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceClock.class);

    /**
     * What happened since the start.
     *
     * @param trouble why the store could not be corrected last, or null
     * @param ahead how far the clock of the system is ahead of the stamps
     * @param phase what is known of the newest step
     */
    record State(long steps, @Nullable Step last, long moved, @Nullable String trouble, Duration ahead, Phase phase) {}

    private final StepWatch watch;
    private final StepCheck check;
    private final StoreGate gate;
    private final BooleanSupplier askable;
    private final Runnable stepped;

    // Guarded by gate.
    private Duration offset = Duration.ZERO;
    private long steps;
    private @Nullable Step last;
    private long moved;
    private Phase reported = Phase.SETTLED;
    private boolean noted;

    /** @param stepped called when the clock stepped, by the thread that noticed it */
    DeviceClock(TimeSource source, StepCheck check, StoreGate gate, BooleanSupplier askable, Runnable stepped) {
        this.watch = new StepWatch(source);
        this.check = check;
        this.gate = gate;
        this.askable = askable;
        this.stepped = stepped;
    }

    /** The present, as a stamp that moves along when the clock is corrected. */
    Stamp now() {
        Step step;
        Stamp stamp;
        synchronized (gate) {
            step = watch.look();
            if (step != null) {
                decided(step, check.stepped(step, watch.nanos(), askable.getAsBoolean()));
            }
            stamp = new MovingStamp(watch.present().minus(check.ahead()).minus(offset));
        }
        if (step != null) {
            stepped.run();
        }
        return stamp;
    }

    /** The present as samples are stamped with it. */
    Instant look() {
        return now().time();
    }

    /** A store is there, which may have samples of earlier sessions of this boot. */
    void storeArrived() {
        gate.add(this::continueClock);
    }

    /**
     * A server was compared with.
     *
     * @param skew clock of the system minus the server's
     * @param before {@link #steps} before the server was asked; after a step since then the comparison says nothing
     * @return whether it says something
     */
    boolean compared(Skew skew, long before) {
        look();
        synchronized (gate) {
            if (steps != before) {
                return false;
            }
            answered(check.compared(skew, watch.nanos()));
            if (check.isConfirmed() && !noted) {
                gate.add(this::noteConfirmation);
            }
            return true;
        }
    }

    /** The operator wants the clock compared with nothing. */
    void notCompared() {
        synchronized (gate) {
            answered(check.notCompared(watch.present()));
        }
    }

    /** Retries corrections that failed, and ends the wait for a server that does not answer. */
    void tick() {
        look();
        synchronized (gate) {
            answered(check.waited(watch.nanos(), askable.getAsBoolean()));
        }
        gate.tryAgain();
    }

    /** Why samples should wait at the moment; empty: they need not. */
    Optional<String> doubt() {
        synchronized (gate) {
            answered(check.waited(watch.nanos(), askable.getAsBoolean()));
        }
        String trouble = gate.trouble();
        if (trouble != null) {
            return Optional.of(StepMessages.NOT_CORRECTED + trouble);
        }
        if (gate.isCorrecting()) {
            return Optional.of("the times of stored samples are being corrected, as the clock stepped");
        }
        synchronized (gate) {
            return check.isOpen() ? StepMessages.problem(check.phase(), check.ahead()) : Optional.empty();
        }
    }

    /** Whether the answer of a server is awaited. */
    boolean isOpen() {
        synchronized (gate) {
            return check.isOpen();
        }
    }

    /** How often the clock stepped since the start, up to this moment. */
    long steps() {
        look();
        synchronized (gate) {
            return steps;
        }
    }

    State state() {
        synchronized (gate) {
            return new State(steps, last, moved, gate.trouble(), check.ahead(), check.phase());
        }
    }

    /** Corrects nothing any more, but what is under way; waits for that, for 5 seconds at most. Stamps stay usable. */
    void close() throws InterruptedException {
        gate.close();
    }

    private void decided(Step step, Decision decision) {
        steps++;
        last = step;
        Duration ahead = check.ahead();
        StepMessages.stepped(step, decision, check.phase(), ahead);
        reported = check.phase();
        apply(decision, step);
        if (decision == Decision.KEEP) {
            gate.add(store -> store.clockAhead(ahead));
        }
    }

    /** What a step left open has an answer, or none yet. */
    private void answered(Decision decision) {
        Phase phase = decision == Decision.KEEP ? check.phase() : Phase.SETTLED;
        if (decision != Decision.KEEP || phase != reported) {
            StepMessages.answered(phase, check.ahead());
        }
        apply(decision, last);
        reported = check.phase();
    }

    private void apply(Decision decision, @Nullable Step step) {
        Instant end = watch.present().minus(check.ahead()).plusMillis(1);
        switch (decision) {
            case ACCEPT, ACCEPT_SINCE -> {
                Instant from = decision == Decision.ACCEPT || step == null ? null : step.before();
                Duration by = check.accept();
                offset = offset.plus(by);
                noted = false;
                gate.add(store -> move(store, from, end, by));
            }
            case BACK -> gate.add(store -> store.clockAhead(Duration.ZERO));
            case KEEP -> {}
        }
    }

    /** The store takes the end of the stretch as excluded. */
    private void move(SampleStore store, @Nullable Instant from, Instant end, Duration by) throws StoreException {
        long samples;
        try {
            store.clockAhead(Duration.ZERO);
            samples = from == null ? store.clockSet(end, by) : store.shift(from, end, by);
        } catch (IllegalArgumentException e) {
            // A date that no sample can have: they keep the time that they have.
            LOG.warn("Samples stay where they are: {}", e.getMessage());
            return;
        }
        LOG.info("{} samples were moved by {} ms, as the clock stepped", samples, by.toMillis());
        synchronized (gate) {
            moved += samples;
        }
    }

    /** Passes wait meanwhile: what is on its way moves onto the clock of the earlier sessions as what is stored. */
    private void continueClock(SampleStore store) throws StoreException {
        long before = steps();
        if (!gate.isLast()) {
            // A step whose correction is on its way would be found once more.
            gate.add(this::continueClock);
            return;
        }
        SessionClock continued = store.continueClock();
        if (steps() != before) {
            gate.add(this::continueClock);
            return;
        }
        boolean found = false;
        Duration ahead;
        synchronized (gate) {
            noted = false;
            if (check.phase() == Phase.SETTLED && !continued.ahead().isZero()) {
                steppedBefore(continued);
                found = true;
            }
            ahead = check.ahead();
        }
        store.clockAhead(ahead);
        if (found) {
            stepped.run();
        }
    }

    /** Later sessions can do without; the next comparison retries it. */
    private void noteConfirmation(SampleStore store) {
        try {
            store.clockConfirmed();
            synchronized (gate) {
                noted = true;
            }
        } catch (StoreException e) {
            LOG.debug("The store does not note that the clock is right", e);
        }
    }

    private void steppedBefore(SessionClock continued) {
        Instant present = watch.present();
        Duration ahead = continued.ahead();
        offset = offset.minus(ahead);
        decided(
                new Step(present.minus(ahead), present),
                check.steppedBefore(ahead, present, continued.confirmed(), watch.nanos()));
    }

    /** A time that moves along with the corrections made since it was read. Safe for use by several threads. */
    private final class MovingStamp implements Stamp {
        private final Instant uncorrected;

        /** @param uncorrected the time when it was read, without all corrections up to then */
        MovingStamp(Instant uncorrected) {
            this.uncorrected = uncorrected;
        }

        @Override
        public Instant time() {
            synchronized (gate) {
                return uncorrected.plus(offset);
            }
        }

        @Override
        public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
            return gate.pass(this::time, storing);
        }
    }
}
