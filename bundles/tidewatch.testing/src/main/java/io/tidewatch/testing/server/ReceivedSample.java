package io.tidewatch.testing.server;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * @param labels all labels, {@code __name__} among them
 * @param timestamp milliseconds since the epoch
 */
public record ReceivedSample(SortedMap<String, String> labels, long timestamp, double value) {
    /** The label that holds the name of the metric. */
    public static final String NAME = "__name__";

    public ReceivedSample {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** Name of the metric; empty if there is none. */
    public String name() {
        return labels.getOrDefault(NAME, "");
    }
}
