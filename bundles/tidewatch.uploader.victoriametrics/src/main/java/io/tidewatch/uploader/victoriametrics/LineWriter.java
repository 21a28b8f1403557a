package io.tidewatch.uploader.victoriametrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes samples as VictoriaMetrics' JSON lines: one line per slice with arrays of values and timestamps.
 *
 * <pre>{@code
 * {"metric":{"__name__":"cpu_usage_percent","device_id":"rig","core":"all"},"values":[1.5,2],"timestamps":[1000,2000]}
 * }</pre>
 *
 * <p>Source: VictoriaMetrics documentation, "How to import data in JSON line format".
 */
final class LineWriter {
    /** The label that holds the name. */
    static final String NAME = "__name__";

    /** The label that holds the device. */
    static final String DEVICE = "device_id";

    /** Whole numbers up to here are exact as a double, and shorter without a point or an exponent. */
    private static final double LARGEST_EXACT = 1L << 53;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();

    /** Writes the lines to a stream, which is neither flushed nor closed. */
    void write(List<Slice> lines, OutputStream out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (Slice line : lines) {
                write(line, json);
                json.writeRaw('\n');
            }
        }
    }

    private static void write(Slice line, JsonGenerator json) throws IOException {
        SeriesSamples samples = line.samples();
        json.writeStartObject();
        writeLabels(samples.series(), json);
        json.writeArrayFieldStart("values");
        for (int i = line.from(); i < line.to(); i++) {
            writeValue(samples.value(i), json);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("timestamps");
        for (int i = line.from(); i < line.to(); i++) {
            json.writeNumber(samples.timestamp(i));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeLabels(Series series, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("metric");
        json.writeStringField(NAME, PrometheusName.of(series.name(), series.kind(), series.unit()));
        json.writeStringField(DEVICE, series.deviceId());
        for (Map.Entry<String, String> tag : series.tags().entrySet()) {
            if (!tag.getValue().isEmpty()) {
                json.writeStringField(PrometheusName.ofTag(tag.getKey()), tag.getValue());
            }
        }
        json.writeEndObject();
    }

    private static void writeValue(double value, JsonGenerator json) throws IOException {
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_EXACT) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }
}
