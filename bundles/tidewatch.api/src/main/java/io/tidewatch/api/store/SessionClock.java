package io.tidewatch.api.store;

import java.time.Duration;
import java.util.Objects;

/**
 * The clock of the system against the one that the sessions of this boot stamped with.
 *
 * @param ahead how far the clock of the system is ahead; negative: behind; zero if they agree to within two seconds, or
 *     if that is not known
 * @param confirmed whether a server agreed with the clock of the sessions
 */
public record SessionClock(Duration ahead, boolean confirmed) {
    public SessionClock {
        Objects.requireNonNull(ahead, "ahead");
    }
}
