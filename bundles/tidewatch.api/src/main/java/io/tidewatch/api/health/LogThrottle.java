package io.tidewatch.api.health;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which states are worth a line in the log: one that is new, or lasts and is worth repeating, but each at most once an
 * hour, however often they alternate. Not safe for use by several threads.
 *
 * @param <S> the states
 */
public final class LogThrottle<S> {
    private static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<S, Long> logged = new HashMap<>();
    private @Nullable S state;

    /** @param nanoTime monotonic nanoseconds */
    public LogThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Returns whether to log this state now: when it begins, and hourly while it lasts. */
    public boolean isDue(S now) {
        return isDue(now, true);
    }

    /** Returns whether to log this state now: when it begins, at most once an hour. */
    public boolean isNew(S now) {
        return isDue(now, !now.equals(state));
    }

    private boolean isDue(S now, boolean candidate) {
        state = now;
        long time = nanoTime.getAsLong();
        Long before = logged.get(now);
        if (!candidate || (before != null && time - before < QUIET_NANOS)) {
            return false;
        }
        logged.put(now, time);
        return true;
    }
}
