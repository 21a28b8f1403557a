package io.tidewatch.clockskew;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock stepped.
 *
 * @param before what it would show without
 * @param after what it shows
 * @param mayBeSleep whether the machine may have been suspended instead, since the kernel does not report the time since
 *     the boot
 */
record Step(Instant before, Instant after, boolean mayBeSleep) {
    Step(Instant before, Instant after) {
        this(before, after, false);
    }

    /** By how much, in whole milliseconds; negative: into the past. */
    Duration size() {
        return Duration.ofMillis(Duration.between(before, after).toMillis());
    }
}
