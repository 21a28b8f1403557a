package io.tidewatch.command.migrate;

/** A file is no YAML, or not of the subset that is accepted. */
final class YamlMistake extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    YamlMistake(int line, String message) {
        super(message);
        this.line = line;
    }

    /** Where, from 1. */
    int line() {
        return line;
    }
}
