package io.tidewatch.testing.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the lines of VictoriaMetrics' import and export. Stricter than VictoriaMetrics, which answers 204 and loses the
 * line: whatever it would lose is an error here.
 */
final class JsonLines {
    private static final String NAME = "__name__";
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonLines() {}

    /**
     * The samples of all lines, in their order.
     *
     * @throws IOException if a line is not {@code {"metric":{…},"values":[…],"timestamps":[…]}} with as many finite
     *     numbers as whole milliseconds; the message names the line
     */
    static List<ReceivedSample> read(byte[] body) throws IOException {
        List<ReceivedSample> samples = new ArrayList<>();
        int number = 0;
        for (int start = 0; start < body.length; ) {
            int end = endOfLine(body, start);
            number++;
            if (end > start) {
                try (JsonParser json = JSON.createParser(body, start, end - start)) {
                    readLine(json, samples);
                } catch (IOException failure) {
                    throw new IOException("Line " + number + ": " + failure.getMessage(), failure);
                }
            }
            start = end + 1;
        }
        return samples;
    }

    private static int endOfLine(byte[] body, int start) {
        int end = start;
        while (end < body.length && body[end] != '\n') {
            end++;
        }
        return end;
    }

    private static void readLine(JsonParser json, List<ReceivedSample> samples) throws IOException {
        SortedMap<String, String> labels = new TreeMap<>();
        List<Double> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        expect(json.nextToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "metric" -> readLabels(json, labels);
                case "values" -> readValues(json, values);
                case "timestamps" -> readTimestamps(json, timestamps);
                default -> throw new IOException("unknown field " + field);
            }
        }
        expect(json.currentToken(), JsonToken.END_OBJECT);
        if (json.nextToken() != null) {
            throw new IOException("text after the object");
        }
        if (values.isEmpty() || values.size() != timestamps.size()) {
            throw new IOException(values.size() + " values, " + timestamps.size() + " timestamps");
        }
        String series = exposition(labels);
        for (int i = 0; i < values.size(); i++) {
            samples.add(new ReceivedSample(series, timestamps.get(i), values.get(i)));
        }
    }

    private static void readLabels(JsonParser json, Map<String, String> labels) throws IOException {
        expect(json.currentToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String label = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING);
            labels.put(label, json.getText());
        }
    }

    private static void readValues(JsonParser json, List<Double> values) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!json.currentToken().isNumeric() || !Double.isFinite(json.getDoubleValue())) {
                throw new IOException(json.getText() + " is not a finite value");
            }
            values.add(json.getDoubleValue());
        }
    }

    private static void readTimestamps(JsonParser json, List<Long> timestamps) throws IOException {
        expect(json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT);
            timestamps.add(json.getLongValue());
        }
    }

    private static void expect(JsonToken found, JsonToken wanted) throws IOException {
        if (found != wanted) {
            throw new IOException("expected " + wanted + ", found " + found);
        }
    }

    private static String exposition(SortedMap<String, String> labels) throws IOException {
        String name = labels.remove(NAME);
        if (name == null || name.isEmpty()) {
            throw new IOException("no " + NAME);
        }
        if (labels.isEmpty()) {
            return name;
        }
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escape(label.getValue()) + '"')
                .collect(Collectors.joining(",", name + '{', "}"));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
