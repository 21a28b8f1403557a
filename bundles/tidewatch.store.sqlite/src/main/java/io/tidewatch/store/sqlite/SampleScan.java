package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Reads samples page by page, in either direction of time. A page is a stretch of the table with a bounded number of
 * samples, wanted or not: so a query takes milliseconds however few it finds, and never keeps the write-ahead log from
 * being cut for longer. Not safe for use by several threads.
 */
final class SampleScan {
    /** As many samples as a page looks at: some milliseconds, and some 100 KB. */
    static final int PAGE = 5_000;

    // Where a page ends is found out first, without looking at what is wanted.
    private static final String FORWARD_END = "SELECT timestamp_ms, series FROM samples"
            + " WHERE (timestamp_ms, series) > (?, ?) AND timestamp_ms < ?"
            + " ORDER BY timestamp_ms, series LIMIT 1 OFFSET ?";
    private static final String BACKWARD_END = "SELECT timestamp_ms, series FROM samples"
            + " WHERE (timestamp_ms, series) < (?, ?) AND timestamp_ms >= ?"
            + " ORDER BY timestamp_ms DESC, series DESC LIMIT 1 OFFSET ?";

    private static final String ROWS = "SELECT s.timestamp_ms, s.series, s.value FROM samples s WHERE ";
    private static final String FORWARD =
            "(s.timestamp_ms, s.series) > (?, ?) AND (s.timestamp_ms, s.series) <= (?, ?)";
    private static final String BACKWARD =
            "(s.timestamp_ms, s.series) < (?, ?) AND (s.timestamp_ms, s.series) >= (?, ?)";
    private static final String OF_SERIES = " AND s.series IN (SELECT value FROM json_each(?))";
    // Ranges do not overlap: the last one that starts in time is the only one that can hold the sample.
    private static final String PENDING =
            """
             AND (SELECT r.value_type FROM series r WHERE r.id = s.series) = 0
             AND coalesce(
               (SELECT e.pending FROM exceptions e WHERE e.timestamp_ms = s.timestamp_ms AND e.series = s.series),
               coalesce((SELECT d.to_ms FROM delivered d
                 WHERE d.priority = (SELECT r.priority FROM series r WHERE r.id = s.series)
                   AND d.from_ms <= s.timestamp_ms
                 ORDER BY d.from_ms DESC LIMIT 1), -1) < s.timestamp_ms)""";

    private final ReadOnlyDatabase database;
    private final SeriesCatalogue series;
    private final @Nullable String ids;
    private final boolean forward;
    private final boolean pendingOnly;
    private final long limit;
    private final int pageSize;
    private long time;
    private long id;
    private boolean ended;

    /**
     * @param series the series that are wanted
     * @param from first millisecond
     * @param until millisecond after the last
     * @param forward whether the oldest come first
     * @param pendingOnly whether only samples that wait for delivery are wanted
     * @param pageSize samples that a page looks at
     */
    SampleScan(
            ReadOnlyDatabase database,
            SeriesCatalogue series,
            long from,
            long until,
            boolean forward,
            boolean pendingOnly,
            int pageSize) {
        this.database = database;
        this.series = series;
        this.ids = series.idsAsJson();
        this.forward = forward;
        this.pendingOnly = pendingOnly;
        this.pageSize = pageSize;
        time = forward ? from : until;
        // Ids start at 1: nothing at this time is passed over.
        id = 0;
        limit = forward ? until : from;
        ended = series.isEmpty() || from >= until;
    }

    /** The time after the newest sample; 0 if there is none. */
    static long end(ReadOnlyDatabase database) throws StoreException {
        return database.read(connection -> {
            try (PreparedStatement newest = connection.prepareStatement("SELECT max(timestamp_ms) + 1 FROM samples");
                    ResultSet row = newest.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        });
    }

    /** The wanted samples of the next page, perhaps none of them; null behind the last page. */
    @Nullable
    StoredSamples next() throws StoreException {
        if (ended) {
            return null;
        }
        Page page = database.read(this::read);
        time = page.time();
        id = page.id();
        ended = page.last();
        return page.samples();
    }

    private record Page(long time, long id, boolean last, StoredSamples samples) {}

    private Page read(Connection connection) throws SQLException {
        long endTime = forward ? limit - 1 : limit;
        long endId = forward ? Long.MAX_VALUE : 0;
        boolean last = true;
        try (PreparedStatement end = connection.prepareStatement(forward ? FORWARD_END : BACKWARD_END)) {
            end.setLong(1, time);
            end.setLong(2, id);
            end.setLong(3, limit);
            end.setInt(4, pageSize - 1);
            try (ResultSet row = end.executeQuery()) {
                if (row.next()) {
                    endTime = row.getLong(1);
                    endId = row.getLong(2);
                    last = false;
                }
            }
        }
        String sql = ROWS
                + (forward ? FORWARD : BACKWARD)
                + (ids == null ? "" : OF_SERIES)
                + (pendingOnly ? PENDING : "")
                + (forward ? " ORDER BY s.timestamp_ms, s.series" : " ORDER BY s.timestamp_ms DESC, s.series DESC");
        StoredSamples samples = new StoredSamples();
        try (PreparedStatement rows = connection.prepareStatement(sql)) {
            rows.setLong(1, time);
            rows.setLong(2, id);
            rows.setLong(3, endTime);
            rows.setLong(4, endId);
            if (ids != null) {
                rows.setString(5, ids);
            }
            try (ResultSet row = rows.executeQuery()) {
                while (row.next()) {
                    StoredSeries of = series.get(row.getInt(2));
                    if (of != null) {
                        samples.add(row, of.isText());
                    }
                }
            }
        }
        return new Page(endTime, endId, last, samples);
    }
}
