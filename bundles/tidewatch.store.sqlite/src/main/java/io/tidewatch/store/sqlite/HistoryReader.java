package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Reads the history from the file, by a connection of its own for each query: the store's own connection is not held up,
 * and a query while a damaged database is being replaced reads the old one or the new one. May be used by several
 * threads.
 */
final class HistoryReader {
    private final Path file;
    private final int pageSize;

    HistoryReader(Path file) {
        this(file, SampleScan.PAGE);
    }

    HistoryReader(Path file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    /** See {@link SampleHistory#read}. */
    void read(HistoryQuery query, SampleHistory.Visitor visitor) throws StoreException, InterruptedException {
        boolean forward = query.order() == HistoryQuery.Order.OLDEST_FIRST;
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            // The end first: whatever lies before it belongs to a series that is read next.
            long until = Math.min(millis(query.until()), SampleScan.end(database));
            SeriesCatalogue series = SeriesCatalogue.read(database, query::wants);
            SampleScan scan = new SampleScan(database, series, millis(query.from()), until, forward, false, pageSize);
            long left = query.limit();
            StoredSamples page = scan.next();
            while (page != null) {
                page.truncate((int) Math.min(left, Integer.MAX_VALUE));
                left -= page.size();
                if (!page.bySeries(series, visitor::visit) || left == 0) {
                    return;
                }
                page = scan.next();
            }
        }
    }

    /** The first whole millisecond that is not before this, within the times that samples can have. */
    static long millis(Instant time) {
        if (!time.isAfter(DeliveryQuery.BEGINNING)) {
            return 0;
        }
        return time.isBefore(DeliveryQuery.END)
                ? time.plusNanos(999_999).toEpochMilli()
                : DeliveryQuery.END.toEpochMilli();
    }
}
