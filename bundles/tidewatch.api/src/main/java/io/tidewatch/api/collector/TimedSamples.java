package io.tidewatch.api.collector;

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
    public TimedSamples {
        Objects.requireNonNull(time, "time");
        samples = List.copyOf(samples);
    }
}
