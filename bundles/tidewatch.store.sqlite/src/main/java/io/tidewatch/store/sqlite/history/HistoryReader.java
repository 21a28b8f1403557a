package io.tidewatch.store.sqlite.history;

import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads the history from the file, by a connection of its own for each query: the store's own connection is not held up,
 * and a query while a damaged database is being replaced reads the old one or the new one. May be used by several
 * threads.
 */
public final class HistoryReader {
    private final Path file;
    private final int pageSize;

    public HistoryReader(Path file) {
        this(file, SampleScan.PAGE);
    }

    public HistoryReader(Path file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    public List<Series> series() throws StoreException {
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            return SeriesCatalogue.read(database, any -> true).all().stream()
                    .map(StoredSeries::series)
                    .toList();
        }
    }

    /** See {@link SampleHistory#read}. */
    public void read(HistoryQuery query, Predicate<Series> wanted, SampleHistory.Visitor visitor)
            throws StoreException, InterruptedException {
        boolean forward = query.order() == HistoryQuery.Order.OLDEST_FIRST;
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            // The end first: every sample before it belongs to a series that is read next.
            long until = Math.min(Millis.atOrAfter(query.until()), SampleScan.end(database));
            SeriesCatalogue series = SeriesCatalogue.read(database, wanted.and(query::wants));
            SampleScan scan = new SampleScan(
                    database,
                    series,
                    Millis.atOrAfter(query.from()),
                    until,
                    forward,
                    query.step().toMillis(),
                    false,
                    pageSize);
            long left = query.limit();
            for (List<StoredSample> page = scan.next(); page != null && left > 0; page = scan.next()) {
                List<StoredSample> some = page.subList(0, (int) Math.min(left, page.size()));
                left -= some.size();
                for (SeriesRun run : StoredSample.bySeries(some)) {
                    if (!visitor.visit(run)) {
                        return;
                    }
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException("The reader was interrupted");
                }
            }
        }
    }
}
