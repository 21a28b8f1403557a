package io.tidewatch.store.sqlite.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidewatch.api.store.Series;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** JSON that comes out the same for the same content: sorted keys, no blanks. */
public final class CanonicalJson {
    private static final JsonFactory JSON = new JsonFactory();

    private CanonicalJson() {}

    /** An object of texts. */
    public static String write(SortedMap<String, String> texts) {
        return write(generator -> writeTexts(generator, texts));
    }

    /**
     * An object of anyone's, as texts: numbers and truth values as they are written there, null as an empty text, what is
     * nested as its JSON.
     *
     * @throws IOException if it is no JSON object
     */
    public static SortedMap<String, String> read(String json) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("No JSON object: " + json);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isStructStart()) {
                    StringWriter nested = new StringWriter();
                    try (JsonGenerator generator = JSON.createGenerator(nested)) {
                        generator.copyCurrentStructure(parser);
                    }
                    texts.put(name, nested.toString());
                } else {
                    texts.put(name, value == JsonToken.VALUE_NULL ? "" : parser.getText());
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new IOException("More than a JSON object: " + json);
            }
        }
        return texts;
    }

    /** The same; what is no JSON object is kept whole, as the text of a key. */
    public static SortedMap<String, String> readOr(String json, String key) {
        try {
            return read(json);
        } catch (IOException e) {
            return new TreeMap<>(Map.of(key, json));
        }
    }

    /** The identity of a series: SHA-256 over name, device, tags and type of value. */
    public static byte[] keyOf(Series series, boolean text) {
        String identity = write(generator -> {
            generator.writeStartObject();
            generator.writeStringField("name", series.name());
            generator.writeStringField("device_id", series.deviceId());
            generator.writeFieldName("tags");
            writeTexts(generator, series.tags());
            generator.writeNumberField("value_type", text ? 1 : 0);
            generator.writeEndObject();
        });
        try {
            return MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static void writeTexts(JsonGenerator generator, SortedMap<String, String> texts) throws IOException {
        generator.writeStartObject();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            generator.writeStringField(text.getKey(), text.getValue());
        }
        generator.writeEndObject();
    }

    private interface Content {
        void write(JsonGenerator generator) throws IOException;
    }

    private static String write(Content content) {
        StringWriter writer = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(writer)) {
            content.write(generator);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot happen: a string writer does no input or output", e);
        }
        return writer.toString();
    }
}
