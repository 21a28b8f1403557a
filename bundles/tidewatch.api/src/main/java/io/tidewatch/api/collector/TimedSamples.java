package io.tidewatch.api.collector;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Samples with a time that their source gave them.
 *
 * @param time when they were measured; kept in whole milliseconds
 * @param samples the samples, of any number of series, none twice
 */
public record TimedSamples(Instant time, List<Sample> samples) {
    /** Before, no sample was measured: a clock that was never set. */
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    /** How far the clock of another machine may be ahead. */
    private static final Duration AHEAD = Duration.ofMinutes(10);

    public TimedSamples {
        Objects.requireNonNull(time, "time");
        samples = List.copyOf(samples);
    }

    /** Returns whether the time can be that of a measurement: not before 2020, and at most ten minutes after the present. */
    public boolean isPlausible(Instant now) {
        return !time.isBefore(EARLIEST) && !time.isAfter(now.plus(AHEAD));
    }
}
