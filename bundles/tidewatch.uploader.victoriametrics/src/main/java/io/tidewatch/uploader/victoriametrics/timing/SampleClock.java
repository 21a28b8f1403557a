package io.tidewatch.uploader.victoriametrics.timing;

import io.tidewatch.api.clock.AgentClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock that samples are stamped with, which is not the system's while a step of that is not accepted; the system's
 * while no component offers it. Safe for use by several threads.
 */
public final class SampleClock extends Clock {
    private final Clock system;
    private final Supplier<@Nullable AgentClock> agent;

    /** @param agent the clock of the moment, or null */
    public SampleClock(Clock system, Supplier<@Nullable AgentClock> agent) {
        this.system = system;
        this.agent = agent;
    }

    @Override
    public Instant instant() {
        AgentClock present = agent.get();
        return present == null ? system.instant() : present.now().time();
    }

    @Override
    public ZoneId getZone() {
        return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SampleClock(system.withZone(zone), agent);
    }
}
