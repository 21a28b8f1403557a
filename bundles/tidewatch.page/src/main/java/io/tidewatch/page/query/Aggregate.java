package io.tidewatch.page.query;

/** Which value stands for the samples before a time. */
public enum Aggregate {
    /** The newest of them, within the lookback. */
    LAST,
    /** The smallest of those in the step that ends at that time. */
    MIN,
    /** The largest of them. */
    MAX,
    /** Their mean. */
    AVG
}
