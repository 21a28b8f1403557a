package io.tidewatch.store.sqlite.clock;

import io.tidewatch.store.sqlite.db.Boot;
import java.time.Clock;
import java.util.OptionalLong;

/**
 * The clock for the age of samples, and whether it was set recently: a day in 1970 is no age. Not safe for use
 * by several threads.
 */
public final class AgeClock {
    private static final long SMALLEST_STEP = 2000;

    private final Clock clock;
    private final Boot boot;
    private long lastMillis;
    private OptionalLong lastUptime;
    private OptionalLong leap = OptionalLong.empty();

    public AgeClock(Clock clock, Boot boot) {
        this.clock = clock;
        this.boot = boot;
        this.lastMillis = clock.millis();
        this.lastUptime = boot.uptimeMillis();
    }

    /** Milliseconds since the epoch. */
    public long millis() {
        return clock.millis();
    }

    /** What the clock said after it was last seen to be set ahead by more than a day. */
    public OptionalLong leap() {
        return leap;
    }

    /** Whether the clock was set since this was asked last; no, where the time since the boot is not known. */
    public boolean wasSet() {
        OptionalLong uptime = boot.uptimeMillis();
        long now = clock.millis();
        boolean known = uptime.isPresent() && lastUptime.isPresent();
        long step = known ? now - lastMillis - (uptime.getAsLong() - lastUptime.getAsLong()) : 0;
        lastMillis = now;
        lastUptime = uptime;
        if (step > ClockJump.SMALLEST) {
            leap = OptionalLong.of(now);
        }
        return Math.abs(step) > SMALLEST_STEP;
    }
}
