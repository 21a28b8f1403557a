package io.tidewatch.api.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest sample of a series.
 *
 * @param series the series
 * @param time its time, in whole milliseconds
 * @param value its value; 0 for a text
 * @param text its text; empty for a number
 * @param help what the metric measures, one sentence for people
 * @param interval how soon after it the next one is due; zero if that is not known
 */
public record NewestSample(
        Series series, Instant time, double value, Optional<String> text, String help, Duration interval) {
    public NewestSample {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(help, "help");
        Objects.requireNonNull(interval, "interval");
    }
}
