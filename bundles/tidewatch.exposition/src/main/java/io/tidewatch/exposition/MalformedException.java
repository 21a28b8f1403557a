package io.tidewatch.exposition;

/** Thrown when a line does not follow the format. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int column;

    /** @param column place in the line where it goes wrong, in bytes from 1 */
    MalformedException(int column, String expected) {
        // Hostile pages make many of these; no one reads their stacks.
        super(expected, null, false, false);
        this.column = column;
    }

    /** Place in the line, in bytes from 1. */
    public int column() {
        return column;
    }
}
