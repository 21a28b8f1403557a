package io.tidewatch.jsonlines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * Writes slices as lines of JSON in UTF-8, as {@code /api/v1/import} takes them: labels once, then all values and all
 * timestamps. Whole numbers up to 2^53 have neither point nor exponent, -0 is written as 0 (which it is in the
 * server), others have as many digits as bring the same number back.
 *
 * <p>Bytes reach the stream when about 8 KB have gathered and when the writer is closed. Not safe for use by several
 * threads. Source: <a href="https://docs.victoriametrics.com/#json-line-format">JSON line format</a>.
 */
public final class LineWriter implements Closeable {
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // The line end is written behind each line; a separator would stand before it.
            .rootValueSeparator("")
            // Shorter than what Double.toString makes on Java 17, and as exact.
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    /** Above this not every whole number is a double, and the shortest notation is shorter than all digits. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final JsonGenerator json;

    /** @param target where the lines go; it is neither flushed nor closed */
    public LineWriter(OutputStream target) throws IOException {
        json = JSON.createGenerator(target);
    }

    /**
     * @param slice one that {@link WireRules} has no objection against; the server would make something else of others
     */
    public void write(Slice slice) throws IOException {
        SeriesSamples samples = slice.samples();
        json.writeStartObject();
        writeLabels(samples.series());
        json.writeArrayFieldStart("values");
        for (int i = slice.from(); i < slice.to(); i++) {
            writeValue(samples.value(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("timestamps");
        for (int i = slice.from(); i < slice.to(); i++) {
            json.writeNumber(samples.timestamp(i));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /** Hands the last bytes to the stream, which stays open. */
    @Override
    public void close() throws IOException {
        json.close();
    }

    private void writeLabels(Series series) throws IOException {
        json.writeObjectFieldStart("metric");
        json.writeStringField(WireLabels.NAME, WireLabels.metricName(series));
        json.writeStringField(WireLabels.DEVICE, series.deviceId());
        for (Map.Entry<String, String> tag : series.tags().entrySet()) {
            if (!tag.getValue().isEmpty()) {
                json.writeStringField(PrometheusName.ofTag(tag.getKey()), tag.getValue());
            }
        }
        json.writeEndObject();
    }

    private void writeValue(double value) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }
}
