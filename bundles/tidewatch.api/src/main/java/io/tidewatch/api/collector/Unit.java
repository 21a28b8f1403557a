package io.tidewatch.api.collector;

/**
 * The unit of a metric's values. The suffix is what a GAUGE's name gets on the wire unless it carries it already
 * (Prometheus naming: base units, spelled out).
 */
public enum Unit {
    /** A pure number: a load average, a count of threads. */
    NONE(""),
    /** 0 to 100. */
    PERCENT("percent"),
    /** Octets. */
    BYTES("bytes"),
    /** Seconds. */
    SECONDS("seconds"),
    /** Milliseconds, only where the source counts in them. */
    MILLISECONDS("ms"),
    /** Degrees Celsius. */
    CELSIUS("celsius"),
    /** Cycles per second. */
    HERTZ("hertz"),
    /** Not known: the metric is another program's, and its name leaves as it came. See {@link Metric#foreign}. */
    FOREIGN("");

    private final String suffix;

    Unit(String suffix) {
        this.suffix = suffix;
    }

    /** The suffix without an underscore; empty for {@link #NONE} and {@link #FOREIGN}. */
    public String suffix() {
        return suffix;
    }
}
