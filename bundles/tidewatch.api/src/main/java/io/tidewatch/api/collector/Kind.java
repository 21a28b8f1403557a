package io.tidewatch.api.collector;

/** What the value of a metric means over time. Nothing downstream guesses it from a name. */
public enum Kind {
    /** A value that goes up and down: a temperature, a percentage. */
    GAUGE,
    /** A value that only grows, and starts again at zero: bytes sent since boot. */
    COUNTER,
    /** A text, kept locally and never uploaded: a firmware version, the name of an operator. */
    TEXT
}
