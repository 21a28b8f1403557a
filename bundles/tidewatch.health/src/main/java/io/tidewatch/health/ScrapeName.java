package io.tidewatch.health;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Series;
import io.tidewatch.jsonlines.WireLabels;

/**
 * The name that a metric has in a scrape: the one of an upload, but in seconds where that counts milliseconds, since
 * Prometheus has base units alone and its lint refuses others.
 *
 * <p>Source: <a href="https://prometheus.io/docs/practices/naming/">metric and label naming</a>.
 */
final class ScrapeName {
    private static final String MILLISECONDS = "_" + Unit.MILLISECONDS.suffix();
    private static final String SECONDS = "_" + Unit.SECONDS.suffix();

    private ScrapeName() {}

    static String of(Series series) {
        String name = WireLabels.metricName(series);
        if (series.unit() != Unit.MILLISECONDS) {
            return name;
        }
        String end = series.kind() == Kind.COUNTER ? "_total" : "";
        String base = name.substring(0, name.length() - end.length());
        if (base.endsWith(MILLISECONDS)) {
            return base.substring(0, base.length() - MILLISECONDS.length()) + SECONDS + end;
        }
        // Before a qualifier: duration_ms_p50.
        String qualified = base.replace(MILLISECONDS + "_", SECONDS + "_");
        return (qualified.equals(base) ? base + SECONDS : qualified) + end;
    }

    /** A value of the series in the unit of the name. */
    static double value(Series series, double value) {
        return series.unit() == Unit.MILLISECONDS ? value / 1000 : value;
    }
}
