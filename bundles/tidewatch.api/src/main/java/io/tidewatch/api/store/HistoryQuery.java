package io.tidewatch.api.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which stored samples are wanted.
 *
 * @param name dotted name of the metric; empty for all
 * @param tags tags and labels that a series has with these values, among others; empty for all
 * @param from earliest time, included
 * @param until latest time, excluded
 * @param order which come first; decides which are left out by the limit
 * @param limit how many at most
 * @param step if not zero, the time is divided into steps of this length, the first of which begins with {@code from}, and
 *     only the newest sample of a series in each step is wanted; the newest come first then
 */
public record HistoryQuery(
        Optional<String> name,
        Map<String, String> tags,
        Instant from,
        Instant until,
        Order order,
        long limit,
        Duration step) {
    /** Direction of time. */
    public enum Order {
        /** Ascending in time. */
        OLDEST_FIRST,
        /** Descending in time. */
        NEWEST_FIRST
    }

    public HistoryQuery {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(until, "until");
        Objects.requireNonNull(order, "order");
        tags = Map.copyOf(tags);
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", at least 1 is needed");
        }
        if (step.isNegative() || (!step.isZero() && (step.toMillis() < 1 || order != Order.NEWEST_FIRST))) {
            throw new IllegalArgumentException("step is " + step + ", order " + order
                    + "; expected zero, or a millisecond or more with the newest first");
        }
    }

    /** All samples, whatever the distance of their times. */
    public HistoryQuery(
            Optional<String> name, Map<String, String> tags, Instant from, Instant until, Order order, long limit) {
        this(name, tags, from, until, order, limit, Duration.ZERO);
    }

    /** All samples of a stretch of time, the oldest first. */
    public static HistoryQuery between(Instant from, Instant until) {
        return new HistoryQuery(Optional.empty(), Map.of(), from, until, Order.OLDEST_FIRST, Long.MAX_VALUE);
    }

    /** The same for one metric. */
    public HistoryQuery of(String metric) {
        return new HistoryQuery(Optional.of(metric), tags, from, until, order, limit, step);
    }

    /** The same for the series that have these tags, among others. */
    public HistoryQuery with(Map<String, String> wanted) {
        return new HistoryQuery(name, wanted, from, until, order, limit, step);
    }

    /** The newest of them, at most so many, the newest first. */
    public HistoryQuery newest(long count) {
        return new HistoryQuery(name, tags, from, until, Order.NEWEST_FIRST, count);
    }

    /** The oldest of them, at most so many, the oldest first. */
    public HistoryQuery oldest(long count) {
        return new HistoryQuery(name, tags, from, until, Order.OLDEST_FIRST, count);
    }

    /** Of each series only the newest sample in each step of time, the newest first. */
    public HistoryQuery newestOfEach(Duration length) {
        return new HistoryQuery(name, tags, from, until, Order.NEWEST_FIRST, limit, length);
    }

    /** Whether samples of this series are wanted, whatever their time. */
    public boolean wants(Series series) {
        return (name.isEmpty() || name.get().equals(series.name()))
                && series.tags().entrySet().containsAll(tags.entrySet());
    }
}
