package io.tidewatch.scheduler;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.StoreException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What passes are stamped by: the clock that notices when it is set, and the plain one while that is not there. Safe for
 * use by several threads.
 */
final class PassClock {
    private final Clock plain;
    private volatile @Nullable AgentClock watched;

    /** @param plain stands in */
    PassClock(Clock plain) {
        this.plain = plain;
    }

    /** It is here, or replaces another. */
    synchronized void set(AgentClock clock) {
        watched = clock;
    }

    /** It goes; without effect if another has replaced it. */
    synchronized void clear(AgentClock clock) {
        if (watched == clock) {
            watched = null;
        }
    }

    /** The present. */
    Stamp now() {
        AgentClock clock = watched;
        return clock == null ? new Plain(plain.instant()) : clock.now();
    }

    /** A moment that stays what it was. */
    private record Plain(Instant time) implements Stamp {
        @Override
        public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
            return storing.at(time);
        }
    }
}
