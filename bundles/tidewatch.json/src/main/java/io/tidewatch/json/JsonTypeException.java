package io.tidewatch.json;

import io.tidewatch.json.JsonTree.Container;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTree.Scalar;
import java.io.IOException;

/** Thrown when a field is not of the expected type. The message has the name of the field and the beginning of its text. */
public final class JsonTypeException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 60;

    /** @param expected what it should be, as {@code a number} */
    public JsonTypeException(String name, String expected, Node found) {
        super(name + ": expected " + expected + ", found " + described(found));
    }

    private static String described(Node node) {
        if (node instanceof Scalar scalar) {
            String text = scalar.text();
            String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
            return (scalar.type() == Scalar.Type.STRING ? "the string '" : "'")
                    + start.replaceAll("[^\\x20-\\x7E…]", "?") + "'";
        }
        return node instanceof Container container
                ? container.what()
                : node instanceof ObjectNode ? "an object" : "an array";
    }
}
