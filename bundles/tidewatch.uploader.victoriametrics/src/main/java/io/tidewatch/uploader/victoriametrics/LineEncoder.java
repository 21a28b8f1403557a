package io.tidewatch.uploader.victoriametrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a slice as one line of JSON, as {@code /api/v1/import} takes it: labels once, then all values and all timestamps.
 *
 * <p>Source: <a href="https://docs.victoriametrics.com/#json-line-format">JSON line format</a>.
 */
final class LineEncoder {
    static final String NAME_LABEL = "__name__";
    static final String DEVICE_LABEL = "device_id";

    /** Above this not every whole number is a double, and the shortest notation is shorter than all digits. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private LineEncoder() {}

    /** Writes one line without its line end. The slice keeps {@link WireRules}. */
    static void write(JsonGenerator json, Slice slice) throws IOException {
        SeriesSamples samples = slice.samples();
        Series series = samples.series();
        json.writeStartObject();
        json.writeObjectFieldStart("metric");
        json.writeStringField(NAME_LABEL, wireName(series));
        json.writeStringField(DEVICE_LABEL, series.deviceId());
        for (Map.Entry<String, String> tag : series.tags().entrySet()) {
            if (!tag.getValue().isEmpty()) {
                json.writeStringField(PrometheusName.ofTag(tag.getKey()), tag.getValue());
            }
        }
        json.writeEndObject();
        json.writeArrayFieldStart("values");
        for (int i = slice.from(); i < slice.to(); i++) {
            writeValue(json, samples.value(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("timestamps");
        for (int i = slice.from(); i < slice.to(); i++) {
            json.writeNumber(samples.timestamp(i));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Name of the metric on the wire. */
    static String wireName(Series series) {
        return PrometheusName.of(series.name(), series.kind(), series.unit());
    }

    /** Tags as labels on the wire; those without a value are left out, since the server would remove them anyway. */
    static SortedMap<String, String> wireTags(Series series) {
        SortedMap<String, String> labels = new TreeMap<>();
        series.tags().forEach((name, value) -> {
            if (!value.isEmpty()) {
                labels.put(PrometheusName.ofTag(name), value);
            }
        });
        return labels;
    }

    private static void writeValue(JsonGenerator json, double value) throws IOException {
        // -0.0 becomes 0, as it does in the server.
        if (value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE) {
            json.writeNumber((long) value);
        } else {
            json.writeNumber(value);
        }
    }
}
