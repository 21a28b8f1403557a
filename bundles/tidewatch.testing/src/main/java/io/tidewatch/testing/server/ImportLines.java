package io.tidewatch.testing.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/**
 * Reads the lines that {@code /api/v1/import} takes and {@code /api/v1/export} gives, strictly: whatever VictoriaMetrics
 * would drop in silence (a null, an infinity, arrays of unequal length) is an error.
 */
public final class ImportLines {
    private static final JsonFactory JSON = new JsonFactory();

    private ImportLines() {}

    public static List<ReceivedSample> decodeGzip(byte[] body) throws IOException {
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return decode(plain.readAllBytes());
        }
    }

    public static List<ReceivedSample> decode(byte[] lines) throws IOException {
        List<ReceivedSample> samples = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(lines)) {
            while (parser.nextToken() != null) {
                require(parser.currentToken() == JsonToken.START_OBJECT, parser, "an object");
                decodeLine(parser, samples);
            }
        }
        return samples;
    }

    private static void decodeLine(JsonParser parser, List<ReceivedSample> samples) throws IOException {
        SortedMap<String, String> labels = new TreeMap<>();
        List<Double> values = new ArrayList<>();
        List<Long> timestamps = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken first = parser.nextToken();
            switch (field) {
                case "metric" -> {
                    require(first == JsonToken.START_OBJECT, parser, "an object of labels");
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        String name = parser.currentName();
                        require(parser.nextToken() == JsonToken.VALUE_STRING, parser, "the text of a label");
                        require(labels.put(name, parser.getText()) == null, parser, "each label once");
                    }
                }
                case "values" -> {
                    require(first == JsonToken.START_ARRAY, parser, "an array of values");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        require(parser.currentToken().isNumeric(), parser, "a number");
                        values.add(parser.getDoubleValue());
                    }
                }
                case "timestamps" -> {
                    require(first == JsonToken.START_ARRAY, parser, "an array of timestamps");
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, parser, "whole milliseconds");
                        timestamps.add(parser.getLongValue());
                    }
                }
                default -> require(false, parser, "metric, values or timestamps");
            }
        }
        require(values.size() == timestamps.size(), parser, "as many values as timestamps");
        for (int i = 0; i < values.size(); i++) {
            samples.add(new ReceivedSample(labels, timestamps.get(i), values.get(i)));
        }
    }

    private static void require(boolean held, JsonParser parser, String expected) throws IOException {
        if (!held) {
            throw new IOException("Expected " + expected + " at " + parser.currentLocation());
        }
    }
}
