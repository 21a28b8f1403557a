package io.tidewatch.command.migrate;

import java.util.List;

/** What stands in a YAML file, with the line that it begins in, from 1. */
sealed interface YamlNode {
    int line();

    /** Keys and their values, in their order; every key once. */
    record Mapping(int line, List<Entry> entries) implements YamlNode {}

    record Entry(int line, String key, YamlNode value) {}

    record Items(int line, List<YamlNode> items) implements YamlNode {}

    /**
     * A single value.
     *
     * @param text without quotes and escapes
     * @param plain whether it is written without quotes, so that {@code 5} is a number and {@code ~} is nothing
     */
    record Scalar(int line, String text, boolean plain) implements YamlNode {
        /** Whether it stands for no value at all. */
        boolean isNothing() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }
    }
}
