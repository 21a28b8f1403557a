package io.tidewatch.clockskew;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock was set.
 *
 * @param before what it would say without
 * @param after what it says
 */
record Step(Instant before, Instant after) {
    /** By how much, in whole milliseconds; negative: into the past. */
    Duration size() {
        return Duration.ofMillis(Duration.between(before, after).toMillis());
    }
}
