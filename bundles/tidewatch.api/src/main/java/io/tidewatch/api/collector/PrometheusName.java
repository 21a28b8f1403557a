package io.tidewatch.api.collector;

/**
 * The name that a metric or tag has in PromQL. Stored names are dotted; this form is made only while encoding an upload
 * or a scrape.
 *
 * <p>Source: the Prometheus data model ({@code [a-zA-Z_:][a-zA-Z0-9_:]*} for metrics, the same without the colon for
 * labels) and its naming practices (unit suffix, {@code _total}).
 */
public final class PrometheusName {
    private static final String COUNTER_SUFFIX = "_total";

    private PrometheusName() {}

    /**
     * Dots and illegal characters become {@code _}, a leading digit gets a {@code _} before it, a COUNTER ends in
     * {@code _total} exactly once, a GAUGE gets the suffix of its unit unless it carries it, as its end or before a
     * qualifier ({@code duration_seconds_p50}). A name of {@link Unit#FOREIGN} stays as it is.
     *
     * @param name a stored name, not empty
     */
    public static String of(String name, Kind kind, Unit unit) {
        if (unit == Unit.FOREIGN) {
            return name;
        }
        String legal = legal(name);
        return switch (kind) {
            case COUNTER -> withoutTotals(legal) + COUNTER_SUFFIX;
            case GAUGE -> withUnit(legal, unit);
            case TEXT -> legal;
        };
    }

    /** The name of a tag as a PromQL label: every illegal character becomes {@code _}. */
    public static String ofTag(String tag) {
        return legal(tag);
    }

    private static String withoutTotals(String name) {
        String base = name;
        while (base.endsWith(COUNTER_SUFFIX)) {
            base = base.substring(0, base.length() - COUNTER_SUFFIX.length());
        }
        return base;
    }

    private static String withUnit(String name, Unit unit) {
        if (unit == Unit.NONE) {
            return name;
        }
        String suffix = "_" + unit.suffix();
        return name.endsWith(suffix) || name.contains(suffix + "_") ? name : name + suffix;
    }

    private static String legal(String name) {
        StringBuilder legal = new StringBuilder(name.length() + 1);
        if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
            legal.append('_');
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            legal.append(allowed ? c : '_');
        }
        return legal.toString();
    }
}
