package io.tidewatch.json;

import java.util.List;
import java.util.stream.Stream;

/**
 * A place in a JSON document, or one in every element of an array or in every field of an object.
 *
 * @param steps from the top of the document
 */
public record JsonPath(List<Step> steps) {
    public sealed interface Step permits Field, EachField, Index, Each {}

    /** Into a field of an object. */
    public record Field(String name) implements Step {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Into every field of an object. */
    public record EachField() implements Step {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** Into one element of an array. */
    public record Index(int index) implements Step {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** Into every element of an array. */
    public record Each() implements Step {
        @Override
        public String toString() {
            return "[*]";
        }
    }

    public JsonPath {
        steps = List.copyOf(steps);
    }

    public static JsonPath ofFields(String... names) {
        return new JsonPath(Stream.of(names).<Step>map(Field::new).toList());
    }

    /** Returns the path that goes on with these steps. */
    public JsonPath then(Step... more) {
        return new JsonPath(Stream.concat(steps.stream(), Stream.of(more)).toList());
    }

    /** Returns the steps down to the element of the last array of which it means every one; empty if there is none. */
    public List<Step> toLastElement() {
        int end = steps.size();
        while (end > 0 && !(steps.get(end - 1) instanceof Each)) {
            end--;
        }
        return steps.subList(0, end);
    }

    public boolean beginsWith(List<Step> first) {
        return first.size() <= steps.size() && steps.subList(0, first.size()).equals(first);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append((step instanceof Field || step instanceof EachField) && !text.isEmpty() ? "." : "")
                    .append(step);
        }
        return text.toString();
    }
}
