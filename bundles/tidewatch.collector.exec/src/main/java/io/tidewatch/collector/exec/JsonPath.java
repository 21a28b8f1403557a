package io.tidewatch.collector.exec;

import java.util.List;

/**
 * A place in a JSON document, or one in every element of an array.
 *
 * @param steps from the top of the document
 */
record JsonPath(List<Step> steps) {
    /** One step down. */
    sealed interface Step permits Field, Index, Each {}

    /** Into a field of an object. */
    record Field(String name) implements Step {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Into one element of an array. */
    record Index(int index) implements Step {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** Into every element of an array. */
    record Each() implements Step {
        @Override
        public String toString() {
            return "[*]";
        }
    }

    JsonPath {
        steps = List.copyOf(steps);
    }

    /** Returns the steps down to the element of the last array of which it means every one; empty if there is none. */
    List<Step> toLastElement() {
        int end = steps.size();
        while (end > 0 && !(steps.get(end - 1) instanceof Each)) {
            end--;
        }
        return steps.subList(0, end);
    }

    /** Whether the path begins with these steps. */
    boolean beginsWith(List<Step> first) {
        return first.size() <= steps.size() && steps.subList(0, first.size()).equals(first);
    }

    /** As it is written. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append(step instanceof Field && !text.isEmpty() ? "." : "").append(step);
        }
        return text.toString();
    }
}
