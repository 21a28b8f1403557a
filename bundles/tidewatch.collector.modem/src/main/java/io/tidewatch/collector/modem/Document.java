package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.json.JsonTree.ArrayNode;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTree.Scalar;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A document of mmcli. Every value in it is a text or a list of texts; a missing field, an empty text, null and {@code --} stand for
 * values that ModemManager does not know. A value of another type is absent and named.
 *
 * @param subject what it is about, for messages
 * @param diagnostics gets what is of another type
 */
record Document(Node top, String subject, Diagnostics diagnostics) {
    private static final String UNKNOWN = "--";

    /** Returns whether an object or a list is there, and names it otherwise: all of its values are missing. */
    boolean has(String... path) {
        Node node = at(path);
        boolean there = node instanceof ObjectNode || node instanceof ArrayNode;
        if (!there) {
            damaged(path, "is missing");
        }
        return there;
    }

    /** Returns a text; null if it is absent. */
    @Nullable
    String text(String... path) {
        Node node = at(path);
        if (node == null || node instanceof Scalar) {
            return known(node);
        }
        damaged(path, "is no text");
        return null;
    }

    /** Returns the texts of a list; empty if it is absent. */
    List<String> texts(String... path) {
        Node node = at(path);
        if (node instanceof ArrayNode array) {
            return new TreeMap<>(array.elements())
                    .values().stream()
                            .map(Document::known)
                            .filter(Objects::nonNull)
                            .toList();
        }
        if (node != null && !(node instanceof Scalar)) {
            damaged(path, "is no list");
            return List.of();
        }
        String only = known(node);
        return only == null ? List.of() : List.of(only);
    }

    private @Nullable Node at(String... path) {
        Node node = top;
        for (String field : path) {
            if (!(node instanceof ObjectNode object)) {
                return null;
            }
            node = object.fields().get(field);
        }
        return node;
    }

    private static @Nullable String known(@Nullable Node node) {
        if (!(node instanceof Scalar scalar) || scalar.type() == Scalar.Type.NULL) {
            return null;
        }
        String text = scalar.text().strip();
        return text.isEmpty() || text.equals(UNKNOWN) ? null : text;
    }

    private void damaged(String[] path, String what) {
        String name = String.join(".", path);
        diagnostics.damaged(subject + " " + name, subject + ": " + name + " " + what);
    }
}
