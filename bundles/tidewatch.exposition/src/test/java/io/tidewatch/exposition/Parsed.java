package io.tidewatch.exposition;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A page as lists of texts: samples as {@code name{a="b"} value @millis kind}, errors as {@code line:column message}. */
final class Parsed implements PageHandler {
    final List<String> samples = new ArrayList<>();
    final List<String> errors = new ArrayList<>();
    PageEnding ending = PageEnding.COMPLETE;

    static Parsed text(String page) {
        return of(ExpositionFormat.TEXT, page);
    }

    static Parsed of(ExpositionFormat format, String page) {
        return of(format, page.getBytes(StandardCharsets.UTF_8));
    }

    static Parsed of(ExpositionFormat format, byte[] page) {
        return of(new ExpositionParser(ExpositionLimits.DEFAULT), format, new ByteArrayInputStream(page), true);
    }

    static Parsed of(ExpositionParser parser, ExpositionFormat format, InputStream page, boolean lastLine) {
        Parsed parsed = new Parsed();
        try {
            parsed.ending = parser.parse(page, format, lastLine, parsed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }

    @Override
    public void sample(SampleLine line) throws MalformedException {
        SeriesName series = line.series();
        StringBuilder text = new StringBuilder(series.name());
        if (!series.labels().isEmpty()) {
            text.append(series.labels());
        }
        text.append(' ').append(line.value());
        if (line.hasTimestamp()) {
            text.append(" @").append(line.timestampMillis());
        }
        MetricFamily family = line.family();
        if (family != null) {
            text.append(' ').append(family.type()).append(family.isCounter(series.name()) ? "+" : "");
            text.append(family.help().isEmpty() ? "" : " " + family.help());
        }
        samples.add(text.toString());
    }

    @Override
    public void malformed(int line, int column, String message, String text) {
        errors.add(line + ":" + column + " " + message);
    }
}
