package io.tidewatch.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a JSON document that some paths lead to; the rest is read and not kept, however much it is. Bounded in its depth
 * and in the number of its nodes. Not safe for use by several threads.
 */
public final class JsonTree {
    /** A node, of which only what is wanted is known. */
    public sealed interface Node permits ObjectNode, ArrayNode, Scalar, Container {}

    /**
     * An object, by the names of its fields. A field that is missing or null has no value; one of another type than asked for is
     * an error, whose message has its name and what it is.
     */
    public record ObjectNode(Map<String, Node> fields) implements Node {
        /** Returns the number in a field; infinite if it is too large for a double. */
        public OptionalDouble number(String name) throws JsonTypeException {
            Optional<String> text = scalar(name, Scalar.Type.NUMBER, "a number");
            return text.isPresent() ? Decimal.parse(text.get()) : OptionalDouble.empty();
        }

        public Optional<String> text(String name) throws JsonTypeException {
            return scalar(name, Scalar.Type.STRING, "a string");
        }

        public Optional<Boolean> flag(String name) throws JsonTypeException {
            return scalar(name, Scalar.Type.BOOLEAN, "true or false").map("true"::equals);
        }

        private Optional<String> scalar(String name, Scalar.Type type, String expected) throws JsonTypeException {
            Node node = fields.get(name);
            if (node == null || (node instanceof Scalar scalar && scalar.type() == Scalar.Type.NULL)) {
                return Optional.empty();
            }
            if (node instanceof Scalar scalar && scalar.type() == type) {
                return Optional.of(scalar.text());
            }
            throw new JsonTypeException(name, expected, node);
        }
    }

    /** An array, by the numbers of its elements. */
    public record ArrayNode(Map<Integer, Node> elements) implements Node {}

    public record Scalar(Type type, String text) implements Node {
        public enum Type {
            NUMBER,
            STRING,
            BOOLEAN,
            NULL
        }
    }

    /** An object or array where none is wanted. */
    public record Container(String what) implements Node {}

    /** About ten megabytes at worst. */
    private static final int MOST_NODES = 30_000;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(100).build())
            // Names are foreign: what the JVM interns stays.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // As Python prints them; they are counted as not finite.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** What leads from a node to others that are wanted. */
    private static final class Wanted {
        private final Map<JsonPath.Step, Wanted> steps = new LinkedHashMap<>();

        void add(List<JsonPath.Step> path) {
            if (!path.isEmpty()) {
                steps.computeIfAbsent(path.get(0), step -> new Wanted()).add(path.subList(1, path.size()));
            }
        }
    }

    private final Wanted root = new Wanted();
    private int nodes;

    public JsonTree(List<JsonPath> paths) {
        paths.forEach(path -> root.add(path.steps()));
    }

    /** @throws IOException if it is no document; the message names the place */
    public Node read(InputStream document) throws IOException {
        nodes = 0;
        try (JsonParser parser = JSON.createParser(document)) {
            if (parser.nextToken() == null) {
                throw new IOException("expected a JSON document, found nothing");
            }
            Node top = node(parser, List.of(root));
            if (parser.nextToken() != null) {
                throw new IOException(
                        "expected one JSON document, found a second one" + place(parser.currentTokenLocation()));
            }
            return top;
        } catch (JsonProcessingException e) {
            throw new IOException(e.getOriginalMessage() + place(e.getLocation()), e);
        }
    }

    /** Whether the newest document had more nodes than are kept; the others are missing. */
    public boolean isCut() {
        return nodes > MOST_NODES;
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** Reads the value that the parser is at, of which several paths may want something. */
    private Node node(JsonParser parser, List<Wanted> wanted) throws IOException {
        JsonToken token = parser.currentToken();
        boolean inside = wanted.stream().anyMatch(way -> !way.steps.isEmpty());
        if (token.isStructStart() && !inside) {
            parser.skipChildren();
            return new Container(token == JsonToken.START_OBJECT ? "an object" : "an array");
        }
        return switch (token) {
            case START_OBJECT -> object(parser, wanted);
            case START_ARRAY -> array(parser, wanted);
            case VALUE_STRING -> new Scalar(Scalar.Type.STRING, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(Scalar.Type.NUMBER, parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(Scalar.Type.BOOLEAN, parser.getText());
            default -> new Scalar(Scalar.Type.NULL, "null");
        };
    }

    private Node object(JsonParser parser, List<Wanted> wanted) throws IOException {
        Map<String, Node> fields = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            List<Wanted> below = below(wanted, new JsonPath.Field(name), new JsonPath.EachField());
            if (isKept(below)) {
                fields.put(name, node(parser, below));
            } else {
                parser.skipChildren();
            }
        }
        return new ObjectNode(fields);
    }

    private Node array(JsonParser parser, List<Wanted> wanted) throws IOException {
        Map<Integer, Node> elements = new TreeMap<>();
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            List<Wanted> below = below(wanted, new JsonPath.Each(), new JsonPath.Index(index));
            if (isKept(below)) {
                elements.put(index, node(parser, below));
            } else {
                parser.skipChildren();
            }
        }
        return new ArrayNode(elements);
    }

    private boolean isKept(List<Wanted> wanted) {
        return !wanted.isEmpty() && ++nodes <= MOST_NODES;
    }

    private static List<Wanted> below(List<Wanted> wanted, JsonPath.Step... steps) {
        List<Wanted> below = new ArrayList<>(1);
        for (JsonPath.Step step : steps) {
            for (Wanted way : wanted) {
                Wanted next = way.steps.get(step);
                if (next != null) {
                    below.add(next);
                }
            }
        }
        return below;
    }
}
