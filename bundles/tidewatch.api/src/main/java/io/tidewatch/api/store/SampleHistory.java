package io.tidewatch.api.store;

import java.util.List;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads what the store keeps, delivered or not, without changing it.
 *
 * <p>Threads: every method may be called from any thread. No call keeps appends waiting.
 */
@ProviderType
public interface SampleHistory {
    /** Takes what a query finds. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Takes some samples of one series. They are read before this is called: the store can be written at the same
         * time, by the visitor as well.
         *
         * @return false if no more are wanted
         * @throws InterruptedException if the caller shall give up
         */
        boolean visit(SeriesRun run) throws InterruptedException;
    }

    /**
     * Reads the samples that a query wants, some thousand at a time: memory is bounded however many there are.
     *
     * <p>Each piece of time gives one run per series, in the order that the series were first stored. Pieces follow each
     * other in the order of the query, and so do the samples of a series. Samples are read that are there when the call
     * begins and still there when their turn comes; some of those stored during the call may be read too.
     *
     * <p>Samples lie in the order of time, all series together: one series over a stretch of time costs a look at all
     * samples of that stretch.
     *
     * @param wanted chooses among the series of the query
     * @throws StoreException if they cannot be read; some runs may have been visited
     * @throws InterruptedException if the visitor threw it, or this thread was interrupted
     */
    void read(HistoryQuery query, Predicate<Series> wanted, Visitor visitor)
            throws StoreException, InterruptedException;

    /** The same for all series of the query. */
    default void read(HistoryQuery query, Visitor visitor) throws StoreException, InterruptedException {
        read(query, any -> true, visitor);
    }

    /**
     * All series that the store has, also those without a sample since the start.
     *
     * @throws StoreException if they cannot be read
     */
    List<Series> series() throws StoreException;

    /**
     * The newest sample of every series that has got one since the start, in the order that the series were first stored.
     * Comes from memory and returns at once. The list may make a sample whenever it is asked for, as it is by then; the series
     * at its place is always the same.
     */
    List<NewestSample> newest();
}
