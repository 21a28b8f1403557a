package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** What one pass learns of a link. A value that is absent is not known. Not safe for use by several threads. */
final class LinkReading {
    /** Of what a source wrote, in messages. */
    static final int LONGEST_QUOTE = 80;

    private final String name;
    private final Map<LinkValue, Double> values = new EnumMap<>(LinkValue.class);

    /** @param name of its interface, else its address, else its place in the list of links */
    LinkReading(String name) {
        this.name = name;
    }

    /** Returns a link of which nothing is known; its name is empty. */
    static LinkReading unknown() {
        return new LinkReading("");
    }

    String name() {
        return name;
    }

    /** @param field what the source calls it, for the diagnostic of a value that cannot be */
    void put(LinkValue which, double value, String field, Diagnostics diagnostics) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return; // nothing is measured yet
        }
        if (!which.accepts(value)) {
            diagnostics.damaged(
                    name + " " + field,
                    field + " of link " + name + " is " + shown(value) + ", which cannot be; the value is left out");
        } else if (value != 0 || (which != LinkValue.RTT && which != LinkValue.RTT_MIN)) {
            // A round trip of 0 ms is one that was never measured.
            values.put(which, value);
        }
    }

    void put(LinkValue which, boolean value) {
        values.put(which, value ? 1.0 : 0.0);
    }

    /** Forgets all but whether it is up: it is not. */
    void goDown() {
        forget();
        put(LinkValue.UP, false);
    }

    /** Forgets everything: whose values these are is not certain. */
    void forget() {
        values.clear();
    }

    void remove(LinkValue which) {
        values.remove(which);
    }

    boolean isUp() {
        return values.getOrDefault(LinkValue.UP, 0.0) == 1;
    }

    OptionalDouble value(LinkValue which) {
        Double value = values.get(which);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    Map<LinkValue, Double> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Returns a number for a message: a whole one without a point. */
    static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
