package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.json.Decimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Makes samples of one modem in one pass. Absent values give none, bad ones are named. */
record ModemSamples(ModemId id, Diagnostics diagnostics, List<Sample> samples) {
    /** What some drivers give for a value that they do not have. */
    private static final double NO_VALUE = -32768;

    private static final int LONGEST_QUOTE = 40;

    /** A modem of 2024 has 60 bands, in 600 characters. */
    private static final int LONGEST_TEXT = 2000;

    /** Adds a text; nothing if it is absent. */
    void text(Metric metric, @Nullable String text) {
        if (text != null && text.length() > LONGEST_TEXT) {
            damaged(metric.name(), text, "a text of at most " + LONGEST_TEXT + " characters");
        } else if (text != null) {
            samples.add(metric.sample(Quote.of(text, LONGEST_TEXT), id.hash(), id.networkInterface()));
        }
    }

    void number(Metric metric, double value) {
        samples.add(metric.sample(value, id.hash(), id.networkInterface()));
    }

    /**
     * Adds a number as mmcli prints it; nothing if it is absent or out of range.
     *
     * @param name of the value, for messages
     * @param text null: absent
     * @param more tags besides those of the modem
     * @return the number, if it was added
     */
    OptionalDouble number(Metric metric, String name, @Nullable String text, Range range, String... more) {
        if (text == null) {
            return OptionalDouble.empty();
        }
        OptionalDouble value = Decimal.parse(text);
        if (value.isPresent() && value.getAsDouble() == NO_VALUE) {
            return OptionalDouble.empty();
        }
        if (value.isEmpty() || !range.has(value.getAsDouble())) {
            damaged(name, text, "a number from " + range);
            return OptionalDouble.empty();
        }
        List<String> tags = new ArrayList<>(List.of(id.hash(), id.networkInterface()));
        tags.addAll(List.of(more));
        samples.add(metric.sample(value.getAsDouble(), tags.toArray(String[]::new)));
        return value;
    }

    private void damaged(String name, String text, String expected) {
        diagnostics.damaged(
                id.name() + " " + name,
                id.name() + ": " + name + " is '" + Quote.of(text, LONGEST_QUOTE) + "', expected " + expected);
    }
}
