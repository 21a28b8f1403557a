package io.tidewatch.clockskew;

import java.time.Duration;

/**
 * How far one clock is ahead of another, as measured.
 *
 * @param value negative: behind
 * @param accuracy by how much it may be off
 */
record Skew(Duration value, Duration accuracy) {}
