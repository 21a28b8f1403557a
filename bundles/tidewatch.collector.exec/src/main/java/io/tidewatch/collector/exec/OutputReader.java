package io.tidewatch.collector.exec;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.DropReason;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.MalformedException;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.SeriesName;
import io.tidewatch.json.Decimal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.OptionalDouble;

/** Makes samples of what a command printed. Not safe for use by several threads. */
final class OutputReader {
    static final String SUBJECT = "output";
    static final int LONGEST_QUOTE = 40;

    private final ExecSettings settings;
    private final DropCounts drops;
    private final JsonReader json;

    OutputReader(ExecSettings settings, DropCounts drops) {
        this.settings = settings;
        this.drops = drops;
        json = new JsonReader(settings.values(), settings.kind(), drops);
    }

    /** Adds the samples to the pass of a page, and reports what cannot be read. */
    void read(InputStream output, PageSamples page, Diagnostics diagnostics) {
        try {
            switch (settings.format()) {
                case PROMETHEUS -> {
                    if (output.available() == 0) {
                        diagnostics.note(SUBJECT, "the command printed nothing");
                    }
                    page.read(SUBJECT, output, ExpositionFormat.TEXT, true);
                }
                case VALUE -> value(new String(output.readAllBytes(), StandardCharsets.UTF_8), page);
                case JSON -> json.read(output, page, diagnostics);
            }
        } catch (IOException | MalformedException e) {
            drops.add(DropReason.MALFORMED);
            diagnostics.damaged(SUBJECT, SUBJECT + ": " + e.getMessage());
        }
    }

    private void value(String text, PageSamples page) throws IOException, MalformedException {
        OptionalDouble value = Decimal.parse(text);
        if (value.isEmpty()) {
            throw new IOException("expected one number, found "
                    + (text.isBlank() ? "nothing" : "'" + Quote.of(text.strip(), LONGEST_QUOTE) + "'"));
        }
        page.add(
                SUBJECT,
                new SeriesName(settings.name(), Collections.emptySortedMap()),
                kindOf(settings.name(), settings.kind()),
                value.getAsDouble());
    }

    /** Returns what the name says, as in a page without types, else what is configured. */
    static Kind kindOf(String name, Kind configured) {
        return name.endsWith("_total") ? Kind.COUNTER : configured;
    }
}
