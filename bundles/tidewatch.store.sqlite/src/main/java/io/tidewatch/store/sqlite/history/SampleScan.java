package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.tables.SampleArray;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples page by page, in either direction of time. A page is a stretch of time with a bounded number of samples,
 * wanted or not: so a query takes milliseconds however few it finds, and never keeps the write-ahead log from being cut
 * for longer.
 */
public final class SampleScan {
    /** As many samples as a page looks at, but for the rest of an instant: some milliseconds, and some 100 KB. */
    public static final int PAGE = 5_000;

    private static final String COLUMNS =
            "SELECT p.time_ms, p.numbers + p.texts, p.layout, p.seq, p.samples FROM pass p"
                    + " WHERE p.time_ms >= ? AND p.time_ms < ?";
    private static final String PENDING = " AND p.numbers > 0 AND NOT " + Schema.DELIVERED;

    private final ReadOnlyDatabase database;
    private final SeriesCatalogue series;
    private final boolean forward;
    private final boolean pendingOnly;
    private final int pageSize;
    private final SampleArray array = new SampleArray();
    private NewestOfSteps steps;

    /** As it was before the page: one that is read again begins anew. */
    private NewestOfSteps before;

    private long from;
    private long until;

    /**
     * @param step not forward: only the newest sample of each series in each step of so many milliseconds is wanted; 0: all
     * @param pageSize samples that a page looks at
     */
    public SampleScan(
            ReadOnlyDatabase database,
            SeriesCatalogue series,
            long from,
            long until,
            boolean forward,
            long step,
            boolean pendingOnly,
            int pageSize) {
        this.database = database;
        this.series = series;
        this.forward = forward;
        this.pendingOnly = pendingOnly;
        this.pageSize = pageSize;
        steps = new NewestOfSteps(from, step, series.all().size());
        before = steps;
        this.from = from;
        this.until = series.all().isEmpty() ? from : until;
    }

    /** The time after the newest sample; 0 if there is none. */
    public static long end(ReadOnlyDatabase database) throws StoreException {
        return database.read(connection -> Sql.number(connection, "SELECT max(time_ms) + 1 FROM pass"));
    }

    /** The wanted samples of the next page, perhaps none of them; null after the last page. */
    public @Nullable List<StoredSample> next() throws StoreException {
        if (from >= until) {
            return null;
        }
        before = steps;
        Page page = database.read(this::read);
        if (forward) {
            from = page.end();
        } else {
            until = page.end();
        }
        return page.samples();
    }

    private record Page(long end, List<StoredSample> samples) {}

    private Page read(Connection connection) throws SQLException {
        steps = before.copy();
        String sql = COLUMNS + (pendingOnly ? PENDING : "") + " ORDER BY p.time_ms" + (forward ? "" : " DESC");
        List<StoredSample> samples = new ArrayList<>();
        int looked = 0;
        long time = -1;
        long end = until;
        boolean skips = true;
        try (PreparedStatement rows = connection.prepareStatement(sql)) {
            while (skips && looked < pageSize) {
                skips = false;
                rows.setLong(1, from);
                rows.setLong(2, end);
                try (ResultSet row = rows.executeQuery()) {
                    while (!skips && row.next()) {
                        if (looked >= pageSize && row.getLong(1) != time) {
                            return new Page(forward ? row.getLong(1) : time, samples);
                        }
                        time = row.getLong(1);
                        looked += row.getInt(2);
                        take(row, time, samples);
                        skips = steps.isComplete();
                    }
                }
                end = skips ? steps.begin() : end;
            }
        }
        return new Page(skips ? end : forward ? until : from, samples);
    }

    private void take(ResultSet row, long time, List<StoredSample> samples) throws SQLException {
        steps.at(time);
        @Nullable StoredSeries[] columns = series.columns(row.getInt(3));
        if (columns != null && Arrays.stream(columns).anyMatch(this::isWanted)) {
            array.read(row.getBytes(5), columns.length, i -> isWanted(columns[i]), row.getLong(4));
            add(samples, time, columns);
        }
    }

    private boolean isWanted(@Nullable StoredSeries of) {
        return of != null && steps.wants(of);
    }

    private void add(List<StoredSample> samples, long time, @Nullable StoredSeries[] columns) {
        for (int i = 0; i < columns.length; i++) {
            int column = forward ? i : columns.length - 1 - i;
            StoredSeries of = columns[column];
            if (of != null && array.has(column)) {
                samples.add(new StoredSample(of, time, array.number(column), array.text(column)));
                steps.found(of);
            }
        }
    }
}
