package io.tidewatch.collector.exec;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.DropReason;
import io.tidewatch.exposition.MalformedException;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.SeriesName;
import io.tidewatch.json.Decimal;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.ArrayNode;
import io.tidewatch.json.JsonTree.Container;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTree.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes samples of the values in a JSON document. Not safe for use by several threads. */
final class JsonReader {
    private final List<JsonValue> values;
    private final Kind kind;
    private final DropCounts drops;
    private final JsonTree tree;

    JsonReader(List<JsonValue> values, Kind kind, DropCounts drops) {
        this.values = values;
        this.kind = kind;
        this.drops = drops;
        tree = new JsonTree(values.stream()
                .flatMap(value -> Stream.concat(Stream.of(value.path()), value.labels().values().stream()))
                .toList());
    }

    /** Adds the samples to the pass of a page, and reports what is missing; throws for what is no JSON document. */
    void read(InputStream document, PageSamples page, Diagnostics diagnostics) throws IOException {
        Node top = tree.read(document);
        for (JsonValue value : values) {
            new Search(value, top, page).report(diagnostics);
        }
        if (tree.isCut()) {
            drops.add(DropReason.MAX_SERIES);
            diagnostics.limited(
                    "nodes", "the paths of values lead to more places of the output than are read; choose fewer");
        }
    }

    private final class Search {
        private final JsonValue value;
        private final Node top;
        private final PageSamples page;
        /** Numbers of the elements that the path has led through. */
        private final Deque<Integer> elements = new ArrayDeque<>();

        private boolean found;
        private boolean missing;
        private @Nullable String wrong;
        private int moreWrong;

        Search(JsonValue value, Node top, PageSamples page) {
            this.value = value;
            this.top = top;
            this.page = page;
            visit(top, value.path().steps());
        }

        void report(Diagnostics diagnostics) {
            if (missing && !found && !tree.isCut()) {
                diagnostics.damaged(
                        "path " + value.path(),
                        value.path() + " is missing in the output; correct or remove it in values");
            }
            if (wrong != null) {
                String more = moreWrong == 0 ? "" : ", and " + moreWrong + " more";
                diagnostics.damaged("value " + value.path(), wrong + more);
            }
        }

        private void visit(Node node, List<JsonPath.Step> steps) {
            if (isNull(node)) {
                // There is no value now, which is what it says.
                found = true;
            } else if (steps.isEmpty()) {
                found = true;
                take(node);
            } else if (steps.get(0) instanceof JsonPath.Each && node instanceof ArrayNode array) {
                found |= array.elements().isEmpty();
                array.elements().forEach((index, element) -> {
                    elements.addLast(index);
                    visit(element, steps.subList(1, steps.size()));
                    elements.removeLast();
                });
            } else {
                Node next = below(node, steps.get(0), null);
                if (next == null) {
                    missing = true;
                } else {
                    visit(next, steps.subList(1, steps.size()));
                }
            }
        }

        private void take(Node node) {
            OptionalDouble number = number(node);
            if (number.isEmpty()) {
                drop("is " + described(node) + " and no number");
                return;
            }
            SortedMap<String, String> labels = new TreeMap<>();
            for (Map.Entry<String, JsonPath> label : value.labels().entrySet()) {
                Node source = labelOf(label.getValue());
                if (!(source instanceof Scalar scalar) || isNull(scalar)) {
                    drop("has no label " + label.getKey() + ", as " + label.getValue() + " is "
                            + (source == null ? "missing" : described(source)));
                    return;
                }
                if (!scalar.text().isEmpty()) {
                    labels.put(label.getKey(), scalar.text());
                }
            }
            try {
                page.add(
                        OutputReader.SUBJECT,
                        new SeriesName(value.name(), labels),
                        OutputReader.kindOf(value.name(), kind),
                        number.getAsDouble());
            } catch (MalformedException e) {
                drop("is no sample: " + e.getMessage());
            }
        }

        private void drop(String why) {
            drops.add(DropReason.MALFORMED);
            if (wrong == null) {
                wrong = place() + " " + why;
            } else {
                moreWrong++;
            }
        }

        /** The path with the numbers of the elements in it. */
        private String place() {
            Iterator<Integer> indexes = elements.iterator();
            return new JsonPath(value.path().steps().stream()
                            .map(step -> step instanceof JsonPath.Each ? new JsonPath.Index(indexes.next()) : step)
                            .toList())
                    .toString();
        }

        private @Nullable Node labelOf(JsonPath path) {
            Iterator<Integer> indexes = elements.iterator();
            Node node = top;
            for (JsonPath.Step step : path.steps()) {
                node = node == null ? null : below(node, step, indexes);
            }
            return node;
        }
    }

    /** @param indexes numbers of the elements that {@code [*]} is */
    private static @Nullable Node below(Node node, JsonPath.Step step, @Nullable Iterator<Integer> indexes) {
        if (node instanceof ObjectNode object && step instanceof JsonPath.Field field) {
            return object.fields().get(field.name());
        }
        if (node instanceof ArrayNode array && step instanceof JsonPath.Index index) {
            return array.elements().get(index.index());
        }
        if (node instanceof ArrayNode array && step instanceof JsonPath.Each && indexes != null) {
            return array.elements().get(indexes.next());
        }
        return null;
    }

    private static OptionalDouble number(Node node) {
        if (!(node instanceof Scalar scalar)) {
            return OptionalDouble.empty();
        }
        return scalar.type() == Scalar.Type.BOOLEAN
                ? OptionalDouble.of(scalar.text().equals("true") ? 1 : 0)
                : Decimal.parse(scalar.text());
    }

    private static boolean isNull(Node node) {
        return node instanceof Scalar scalar && scalar.type() == Scalar.Type.NULL;
    }

    private static String described(Node node) {
        if (node instanceof Scalar scalar) {
            return "'" + Quote.of(scalar.text(), OutputReader.LONGEST_QUOTE) + "'";
        }
        return node instanceof Container container
                ? container.what()
                : node instanceof ObjectNode ? "an object" : "an array";
    }
}
