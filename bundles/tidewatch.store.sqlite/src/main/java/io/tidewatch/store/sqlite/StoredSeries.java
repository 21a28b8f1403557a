package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.Series;

/**
 * A series and the number that its samples are stored under.
 *
 * @param id row id in the table of series
 * @param series the series with its current priority
 */
record StoredSeries(int id, Series series) {
    /** Texts are kept and never pending. */
    boolean isText() {
        return series.kind() == Kind.TEXT;
    }

    /** 0 (critical) to 3 (low). */
    int level() {
        return series.priority().level();
    }
}
