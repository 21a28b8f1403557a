package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Skew;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a step of the clock is accepted. Until then, and permanently if a server contradicts the step, the clock of
 * the system is ahead of the one that samples are stamped with.
 *
 * <p>What a server reported of the stamps stays valid while the clock does not step, since time synchronisation
 * makes the clock and the monotonic clock run faster or slower alike: only the quartz drifts.
 *
 * <p>Not safe for use by several threads.
 */
final class StepCheck {
    /** How long samples wait for a server that does not answer. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    /** As above, where there is no server to compare with; one may still come at a start. */
    static final Duration PATIENCE_WITHOUT_SERVER = Duration.ofMinutes(1);

    /** A quartz that is off by more than this part, 200 ppm, is broken. */
    private static final int DRIFT = 5000;

    /** What is done about a step. */
    enum Decision {
        /** The stamps follow the clock, and what was stamped before moves. */
        ACCEPT,
        /** As above, but what was stamped before the step was right: the machine was suspended and nothing shows it. */
        ACCEPT_SINCE,
        /** The clock is back, and the stamps follow it. */
        BACK,
        /** The stamps stay on the clock from before the step. */
        KEEP
    }

    /** What is known of the newest step. */
    enum Phase {
        /** The stamps follow the clock. */
        SETTLED,
        /** The stamps were not compared with a server before: the clock counts unless the server contradicts. */
        ASKED,
        /** It leads away from the time of the server: the stamps count unless the server confirms the clock. */
        DOUBTED,
        /** As above, but no server has answered for so long that samples do not wait any longer. */
        UNVERIFIED,
        /** The server, or the date of the build, contradicts it. */
        CONTRADICTED
    }

    /** The stamps compared with a server, and when. */
    private record Measured(Skew skew, long nanos) {
        /** By how much the stamps may be off by now beside that. */
        Duration accuracy(long now) {
            return skew.accuracy().plus(Duration.ofNanos(now - nanos).dividedBy(DRIFT));
        }
    }

    private final Instant built;
    private Phase phase = Phase.SETTLED;
    private Duration ahead = Duration.ZERO;
    private @Nullable Measured measured;
    private long since;
    private boolean asleep;
    private boolean confirmed;

    /** @param built when the agent was built: a clock that shows less is wrong */
    StepCheck(Instant built) {
        this.built = built;
    }

    /** How far the clock of the system is ahead of the stamps. */
    Duration ahead() {
        return ahead;
    }

    Phase phase() {
        return phase;
    }

    /** Whether samples wait for a server. */
    boolean isOpen() {
        return phase == Phase.ASKED || phase == Phase.DOUBTED;
    }

    /** Whether a server agreed with the stamps that are given now. */
    boolean isConfirmed() {
        return confirmed;
    }

    /**
     * The clock stepped while the agent ran.
     *
     * @param nanos monotonic nanoseconds that go on while the machine is suspended
     * @param askable whether there is a server to compare with
     */
    Decision stepped(Step step, long nanos, boolean askable) {
        asleep = phase == Phase.SETTLED && step.mayBeSleep();
        ahead = ahead.plus(step.size());
        if (!StepWatch.isStep(ahead)) {
            settle();
            return Decision.BACK;
        }
        if (step.after().minus(ahead).isBefore(built)) {
            return Decision.ACCEPT;
        }
        if (step.after().isBefore(built)) {
            return keep(Phase.CONTRADICTED, nanos);
        }
        Measured known = measured;
        if (known != null) {
            return leadsAway(known, nanos) ? keep(Phase.DOUBTED, nanos) : Decision.ACCEPT;
        }
        return askable ? keep(Phase.ASKED, nanos) : Decision.ACCEPT;
    }

    /**
     * The clock stepped since an earlier session of this boot, and the stamps of this one are on the clock of that one.
     *
     * @param system what the clock of the system shows
     * @param agreed whether a server agreed with the earlier session
     */
    Decision steppedBefore(Duration by, Instant system, boolean agreed, long nanos) {
        ahead = by;
        if (system.minus(by).isBefore(built)) {
            return Decision.ACCEPT;
        }
        if (system.isBefore(built)) {
            return keep(Phase.CONTRADICTED, nanos);
        }
        Measured ofSystem = measured;
        measured = agreed ? new Measured(new Skew(Duration.ZERO, Duration.ZERO), nanos) : null;
        keep(agreed ? Phase.DOUBTED : Phase.ASKED, nanos);
        // The clock may have been compared already, before the store was there.
        return ofSystem == null ? Decision.KEEP : compared(ofSystem.skew(), nanos);
    }

    /** A server was asked: the clock of the system minus the server's. */
    Decision compared(Skew skew, long nanos) {
        Duration ofStamps = skew.value().minus(ahead);
        Measured before = measured;
        if (before == null || skew.accuracy().compareTo(before.accuracy(nanos)) <= 0) {
            measured = new Measured(new Skew(ofStamps, skew.accuracy()), nanos);
            confirmed = !StepWatch.isStep(ofStamps) && !StepWatch.isStep(skew.accuracy());
        }
        // An answer that took long may be nearer to the wrong one of both times.
        if (phase == Phase.SETTLED || skew.accuracy().multipliedBy(2).compareTo(ahead.abs()) >= 0) {
            return Decision.KEEP;
        }
        if (skew.value().abs().compareTo(ofStamps.abs()) > 0) {
            return keep(Phase.CONTRADICTED, nanos);
        }
        boolean bothRight = phase == Phase.DOUBTED || phase == Phase.UNVERIFIED;
        return asleep && bothRight ? Decision.ACCEPT_SINCE : Decision.ACCEPT;
    }

    /** The operator wants the clock compared with nothing: then what it shows counts, unless it was never set. */
    Decision notCompared(Instant system) {
        measured = null;
        return phase == Phase.SETTLED || system.isBefore(built) ? Decision.KEEP : Decision.ACCEPT;
    }

    /** Samples do not wait indefinitely. */
    Decision waited(long nanos, boolean askable) {
        Duration patience = askable ? PATIENCE : PATIENCE_WITHOUT_SERVER;
        if (!isOpen() || nanos - since < patience.toNanos()) {
            return Decision.KEEP;
        }
        return phase == Phase.ASKED ? Decision.ACCEPT : keep(Phase.UNVERIFIED, nanos);
    }

    /** The stamps follow the clock from now on; returns by how much it was ahead. */
    Duration accept() {
        Duration by = ahead;
        Measured before = measured;
        if (before != null) {
            measured = new Measured(
                    new Skew(before.skew().value().plus(by), before.skew().accuracy()), before.nanos());
        }
        confirmed = measured != null && !StepWatch.isStep(measured.skew().value());
        settle();
        return by;
    }

    private void settle() {
        ahead = Duration.ZERO;
        phase = Phase.SETTLED;
    }

    private Decision keep(Phase next, long nanos) {
        if (!isOpen()) {
            since = nanos;
        }
        phase = next;
        return Decision.KEEP;
    }

    /** Whether the clock of the system is further from the server's now than the stamps are. */
    private boolean leadsAway(Measured known, long nanos) {
        Duration off = known.skew().value().abs();
        Duration most = StepWatch.isStep(off) ? off : StepWatch.THRESHOLD;
        return known.skew().value().plus(ahead).abs().compareTo(most.plus(known.accuracy(nanos))) > 0;
    }
}
