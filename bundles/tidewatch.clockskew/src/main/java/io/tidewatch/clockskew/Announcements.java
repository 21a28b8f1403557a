package io.tidewatch.clockskew;

import java.util.EnumMap;
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
final class Announcements<S extends Enum<S>> {
    static final long QUIET_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<S, Long> saidNanos;
    private @Nullable S state;

    /** @param nanoTime monotonic nanoseconds */
    Announcements(Class<S> states, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.saidNanos = new EnumMap<>(states);
    }

    /**
     * Notes the state.
     *
     * @param repeated whether it is worth saying again while it lasts
     * @return whether to say it now
     */
    boolean isNews(S now, boolean repeated) {
        boolean changed = now != state;
        state = now;
        long time = nanoTime.getAsLong();
        Long before = saidNanos.get(now);
        boolean quiet = before != null && time - before < QUIET_NANOS;
        if (quiet || !(changed || repeated)) {
            return false;
        }
        saidNanos.put(now, time);
        return true;
    }
}
