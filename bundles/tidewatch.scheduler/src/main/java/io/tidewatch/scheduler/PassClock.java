package io.tidewatch.scheduler;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What passes are stamped by: the clock that notices when it is set, and the plain one while that is not there. Passes of
 * one tick that begin together carry the same moment, which makes them one instant in queries, and shorter
 * on the wire. Safe for use by several threads.
 */
final class PassClock {
    /** How much later than the first pass of a tick another may begin and still carry its moment. */
    static final Duration TOGETHER = Duration.ofMillis(50);

    private final Clock plain;
    private final LongSupplier nanoTime;
    private volatile @Nullable AgentClock watched;

    // Of the newest tick. Guarded by this.
    private long tick;
    private long taken;
    private @Nullable Stamp shared;

    PassClock(Clock plain, LongSupplier nanoTime) {
        this.plain = plain;
        this.nanoTime = nanoTime;
    }

    synchronized void set(AgentClock clock) {
        watched = clock;
        shared = null;
    }

    /** It goes; without effect if another has replaced it. */
    synchronized void clear(AgentClock clock) {
        if (watched == clock) {
            watched = null;
            shared = null;
        }
    }

    Stamp now() {
        AgentClock clock = watched;
        return clock == null ? new Plain(plain.instant()) : clock.now();
    }

    /**
     * The moment of a pass that begins now; those that were due at one time, by the monotonic clock, are of one tick.
     */
    synchronized Stamp ofTick(long due) {
        long begins = nanoTime.getAsLong();
        Stamp stamp = shared;
        if (stamp == null || due != tick || begins - taken > TOGETHER.toNanos()) {
            stamp = now();
            shared = stamp;
            tick = due;
            taken = begins;
        }
        return stamp;
    }

    private record Plain(Instant time) implements Stamp {
        @Override
        public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
            return storing.at(time);
        }
    }
}
