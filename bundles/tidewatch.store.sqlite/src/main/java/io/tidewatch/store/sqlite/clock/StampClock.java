package io.tidewatch.store.sqlite.clock;

import io.tidewatch.api.store.SessionClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/**
 * The clock that samples are stamped with: that of the system minus the steps of it that are not accepted. What the store
 * compares with the times of samples, it reads here. Safe for use by several threads.
 */
public final class StampClock extends Clock {
    private final Clock system;
    private volatile Duration ahead = Duration.ZERO;

    public StampClock(Clock system) {
        this.system = system;
    }

    /** Reads by so much less than the system's from now on. */
    public void ahead(Duration ahead) {
        this.ahead = ahead;
    }

    /** How far the clock of the system is ahead, of what this one is as far ahead of as {@code clock} has it. */
    public SessionClock ofSystem(SessionClock clock) {
        return new SessionClock(clock.ahead().plus(ahead), clock.confirmed());
    }

    @Override
    public Instant instant() {
        return system.instant().minus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Times of samples have no zone");
    }
}
