package io.tidewatch.api.collector;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a collector measures: declared once, referred to by each of its samples.
 *
 * <pre>{@code
 * private static final Metric USED = Metric.gauge("memory.used_bytes", Unit.BYTES, "Memory in use, without caches");
 * private static final Metric RX = Metric.counter("network.rx_bytes_total", Unit.BYTES, "Bytes received", "interface");
 *
 * return List.of(USED.sample(used), RX.sample(bytes, "eth0"));
 * }</pre>
 *
 * @param name dotted lower-case name that ends in its unit: {@code [a-z][a-z0-9_]*(\.[a-z0-9_]+)*}; a COUNTER ends in
 *     {@code _total}, and nothing else does
 * @param kind how values behave over time
 * @param unit unit of the values
 * @param help one sentence for people, never empty
 * @param tags names of the tags, in the order in which samples give their values: {@code [a-z][a-z0-9_]*}, none twice,
 *     {@code device_id} not among them (it is added to every series)
 */
public record Metric(String name, Kind kind, Unit unit, String help, List<String> tags) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*");
    private static final Pattern TAG = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Pattern FOREIGN_NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern FOREIGN_TAG = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String COUNTER_SUFFIX = "_total";

    /**
     * Checks the rules above.
     *
     * @throws IllegalArgumentException if one is broken; the message names the metric and the rule
     */
    public Metric {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(unit, "unit");
        tags = List.copyOf(tags);
        boolean foreign = unit == Unit.FOREIGN;
        Pattern names = foreign ? FOREIGN_NAME : NAME;
        Pattern tagNames = foreign ? FOREIGN_TAG : TAG;
        require(names.matcher(name).matches(), name, "a name matches " + names);
        require(
                foreign || name.endsWith(COUNTER_SUFFIX) == (kind == Kind.COUNTER),
                name,
                "a counter, and only it, ends in _total");
        require(!help.isBlank(), name, "help is one sentence");
        for (String tag : tags) {
            require(tagNames.matcher(tag).matches(), name, "tag '" + tag + "' matches " + tagNames);
            require(!tag.equals("device_id"), name, "device_id is added to every series and is no tag of a metric");
        }
        require(tags.stream().distinct().count() == tags.size(), name, "no tag twice in " + tags);
    }

    /** A metric whose values go up and down. */
    public static Metric gauge(String name, Unit unit, String help, String... tags) {
        return new Metric(name, Kind.GAUGE, unit, help, List.of(tags));
    }

    /** A metric whose values only grow; its name ends in {@code _total}. */
    public static Metric counter(String name, Unit unit, String help, String... tags) {
        return new Metric(name, Kind.COUNTER, unit, help, List.of(tags));
    }

    /** A metric whose values are texts: kept locally, never uploaded. */
    public static Metric text(String name, String help, String... tags) {
        return new Metric(name, Kind.TEXT, Unit.NONE, help, List.of(tags));
    }

    /**
     * A metric of another program, whose name leaves as it came: no suffix is added and no character replaced.
     *
     * @param name {@code [a-zA-Z_:][a-zA-Z0-9_:]*}, the names of Prometheus
     * @param kind GAUGE or COUNTER, whatever the name ends in
     * @param help one sentence for people, never empty
     * @param tags {@code [a-zA-Z_][a-zA-Z0-9_]*}, none twice, {@code device_id} not among them
     */
    public static Metric foreign(String name, Kind kind, String help, List<String> tags) {
        return new Metric(name, kind, Unit.FOREIGN, help, tags);
    }

    /**
     * A sample of this metric.
     *
     * @param value any number; NaN and infinities are dropped and counted downstream
     * @param tagValues one value per tag, in the order of {@link #tags()}
     * @throws IllegalArgumentException if the number of values is not the number of tags, or this metric is a text
     */
    public Sample sample(double value, String... tagValues) {
        return new Sample(this, value, null, List.of(tagValues));
    }

    /**
     * A sample of this text metric.
     *
     * @throws IllegalArgumentException if the number of values is not the number of tags, or this metric is not a text
     */
    public Sample sample(String text, String... tagValues) {
        return new Sample(this, Double.NaN, text, List.of(tagValues));
    }

    private static void require(boolean held, String name, String rule) {
        if (!held) {
            throw new IllegalArgumentException("Metric '" + name + "': " + rule);
        }
    }
}
