package io.tidewatch.api.collector;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One value of one series, without a time: all samples of a pass share the instant at which the pass began.
 * Made by {@link Metric#sample(double, String...)}.
 *
 * @param metric what was measured
 * @param value the number; NaN for a text
 * @param text the text of a {@link Kind#TEXT} metric, else null
 * @param tagValues one value per tag of the metric, in its order
 */
public record Sample(Metric metric, double value, @Nullable String text, List<String> tagValues) {
    /** @throws IllegalArgumentException if the tag values or the type of the value do not fit the metric */
    public Sample {
        Objects.requireNonNull(metric, "metric");
        tagValues = List.copyOf(tagValues);
        if (tagValues.size() != metric.tags().size()) {
            throw new IllegalArgumentException("Metric '" + metric.name() + "' has the tags " + metric.tags()
                    + ", a sample gives the values " + tagValues);
        }
        if ((text != null) != (metric.kind() == Kind.TEXT)) {
            throw new IllegalArgumentException("Metric '" + metric.name() + "' is a " + metric.kind()
                    + ", a sample gives " + (text == null ? "a number" : "a text"));
        }
    }
}
