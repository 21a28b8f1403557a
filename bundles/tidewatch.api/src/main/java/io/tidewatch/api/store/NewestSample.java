package io.tidewatch.api.store;

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
 */
public record NewestSample(Series series, Instant time, double value, Optional<String> text) {
    public NewestSample {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(text, "text");
    }
}
