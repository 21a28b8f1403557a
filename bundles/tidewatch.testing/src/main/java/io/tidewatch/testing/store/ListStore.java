package io.tidewatch.testing.store;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a list: the plainest thing that keeps the contract, as a fake for tests and as the model that real
 * stores are compared with. Without a clock it clamps no timestamps.
 */
public final class ListStore implements SampleStore {
    /** The one destination that it knows. */
    public static final String DESTINATION = "victoriametrics";

    /**
     * @param timestamp milliseconds since the epoch
     * @param series its series as of its last append
     * @param priority the priority that it came with
     * @param value its number; NaN for a text
     * @param text its text, or null
     */
    public record Entry(long timestamp, Series series, Priority priority, double value, @Nullable String text) {}

    private record SeriesIdentity(String name, String deviceId, Map<String, String> tags, boolean text) {
        SeriesIdentity(Series series) {
            this(series.name(), series.deviceId(), series.tags(), series.kind() == Kind.TEXT);
        }
    }

    private record Identity(long timestamp, SeriesIdentity series) {}

    private record Stored(
            long timestamp,
            SeriesIdentity series,
            Priority priority,
            int session,
            double value,
            @Nullable String text) {
        Identity identity() {
            return new Identity(timestamp, series);
        }
    }

    private static final Duration MOST_AHEAD = Duration.ofMinutes(5);
    private static final Duration MOST_BEHIND = Duration.ofHours(1);

    private final @Nullable Clock clock;
    private final Map<SeriesIdentity, Series> series = new HashMap<>();
    private final Map<Identity, Stored> stored = new LinkedHashMap<>();
    private final Map<Identity, Instant> acknowledged = new HashMap<>();
    private final Map<Identity, String> quarantined = new LinkedHashMap<>();
    private final List<DeliveryOutcome> outcomes = new ArrayList<>();
    private final Map<String, String> notes = new HashMap<>();
    private int session;
    private @Nullable Delivery underWay;
    private @Nullable StoreException failure;

    /** A store that takes every timestamp as it comes. */
    public ListStore() {
        this.clock = null;
    }

    /** A store that replaces timestamps far from the clock by the present, as the contract has it. */
    public ListStore(Clock clock) {
        this.clock = clock;
    }

    /** From now on every call but {@link #status} fails with this; null ends it. */
    public synchronized void failWith(@Nullable StoreException failure) {
        this.failure = failure;
    }

    public synchronized List<Entry> entries() {
        return stored.values().stream().map(this::entryOf).toList();
    }

    /** What is neither acknowledged nor rejected, in order of appending. */
    public synchronized List<Entry> pending() {
        return stored.values().stream()
                .filter(this::isPending)
                .map(this::entryOf)
                .toList();
    }

    public synchronized Map<Entry, String> quarantined() {
        return quarantined.entrySet().stream()
                .collect(Collectors.toMap(
                        one -> entryOf(Objects.requireNonNull(stored.get(one.getKey()))), Map.Entry::getValue));
    }

    public synchronized List<DeliveryOutcome> outcomes() {
        return List.copyOf(outcomes);
    }

    @Override
    public synchronized AppendResult append(SampleBatch batch) throws StoreException {
        failIfAsked();
        int added = 0;
        int duplicates = 0;
        Map<String, Integer> dropped = new HashMap<>();
        long timestamp = timestampOf(batch);
        for (Sample sample : batch.samples()) {
            if (sample.text() == null && !Double.isFinite(sample.value())) {
                dropped.merge("not_finite", 1, Integer::sum);
                continue;
            }
            Series current = seriesOf(batch, sample);
            SeriesIdentity identity = new SeriesIdentity(current);
            series.put(identity, current);
            Stored one = new Stored(timestamp, identity, batch.priority(), session, sample.value(), sample.text());
            if (stored.putIfAbsent(one.identity(), one) == null) {
                added++;
            } else {
                duplicates++;
            }
        }
        return new AppendResult(added, duplicates, dropped);
    }

    @Override
    public synchronized Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        requireKnown(query.destination());
        failIfAsked();
        underWay = null;
        List<Entry> wanted = pending().stream()
                .filter(entry -> query.priorities().contains(entry.priority()))
                .filter(entry ->
                        !timeOf(entry).isBefore(query.from()) && timeOf(entry).isBefore(query.until()))
                .sorted(Comparator.comparingLong(Entry::timestamp))
                .toList();
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        int end = wholeInstants(wanted, query.maxSamples());
        Map<Series, List<Entry>> bySeries = new LinkedHashMap<>();
        wanted.subList(0, end).forEach(entry -> bySeries.computeIfAbsent(entry.series(), series -> new ArrayList<>())
                .add(entry));
        underWay = new Delivery(
                UUID.randomUUID(),
                bySeries.entrySet().stream()
                        .map(entry -> samplesOf(entry.getKey(), entry.getValue()))
                        .toList());
        return Optional.of(underWay);
    }

    @Override
    public synchronized void complete(Delivery delivery, DeliveryOutcome outcome) throws StoreException {
        failIfAsked();
        if (delivery != underWay) {
            throw new AbandonedDeliveryException(delivery.batchId());
        }
        Set<SeriesSamples> own = Set.copyOf(delivery.series());
        List<Slice> named = new ArrayList<>();
        outcome.acknowledged().forEach(acknowledgement -> named.addAll(acknowledgement.slices()));
        outcome.rejected().forEach(rejection -> named.add(rejection.slice()));
        if (!named.stream().allMatch(slice -> own.contains(slice.samples()))) {
            throw new IllegalArgumentException("The outcome names samples of another delivery");
        }
        outcome.acknowledged()
                .forEach(acknowledgement -> acknowledgement.slices().forEach(slice -> identitiesOf(slice)
                        .forEach(identity -> acknowledged.merge(
                                identity, acknowledgement.time(), (one, other) -> one.isAfter(other) ? one : other))));
        outcome.rejected().forEach(rejection -> identitiesOf(rejection.slice())
                .forEach(identity -> quarantined.putIfAbsent(identity, rejection.reason())));
        outcomes.add(outcome);
        underWay = null;
    }

    @Override
    public synchronized long resend(String destination, Instant acknowledgedSince) throws StoreException {
        requireKnown(destination);
        underWay = null;
        failIfAsked();
        int before = acknowledged.size();
        acknowledged.entrySet().removeIf(one -> !one.getValue().isBefore(acknowledgedSince));
        return (long) before - acknowledged.size();
    }

    /** Forgets the in-flight delivery, as a store does that is closed and opened again. */
    public synchronized void abandonDelivery() {
        underWay = null;
    }

    /** Another session begins, as that of a store that is closed and opened again. */
    public synchronized void restart() {
        abandonDelivery();
        session++;
    }

    /** Makes acknowledged samples pending again, as {@link #resend} may do with more than it must. */
    public synchronized void resendAlso(Collection<Entry> entries) {
        for (Entry entry : entries) {
            acknowledged.remove(new Identity(entry.timestamp(), new SeriesIdentity(entry.series())));
        }
    }

    @Override
    public synchronized long shift(Instant from, Instant until, Duration step) throws StoreException {
        underWay = null;
        failIfAsked();
        Instant first = from.isBefore(DeliveryQuery.BEGINNING) ? DeliveryQuery.BEGINNING : from;
        Instant end = until.isAfter(DeliveryQuery.END) ? DeliveryQuery.END : until;
        if (step.compareTo(Duration.between(first, DeliveryQuery.BEGINNING)) < 0
                || step.compareTo(Duration.between(end, DeliveryQuery.END)) > 0) {
            throw new IllegalArgumentException(
                    "Moved by " + step + ", " + from + " to " + until + " is out of the times that samples can have");
        }
        if (step.toMillis() == 0) {
            return 0;
        }
        List<Stored> moving = stored.values().stream()
                .filter(one -> one.session() == session && isOpen(one))
                .filter(one -> !isBefore(one, first) && isBefore(one, end))
                .sorted(Comparator.comparingLong(Stored::timestamp))
                .toList();
        moving.forEach(one -> stored.remove(one.identity()));
        Map<SeriesIdentity, Long> last = new HashMap<>();
        for (Stored one : moving) {
            long time = Math.max(one.timestamp() + step.toMillis(), last.getOrDefault(one.series(), -1L) + 1);
            while (stored.containsKey(new Identity(time, one.series()))) {
                time++;
            }
            last.put(one.series(), time);
            Stored moved = new Stored(time, one.series(), one.priority(), one.session(), one.value(), one.text());
            stored.put(moved.identity(), moved);
        }
        return moving.size();
    }

    /** Earlier sessions are of other boots. */
    @Override
    public synchronized long clockSet(Instant until, Duration step) throws StoreException {
        Instant first = pending().stream()
                .map(ListStore::timeOf)
                .min(Comparator.naturalOrder())
                .orElse(until);
        return shift(first.isBefore(until) ? first : until, until, step);
    }

    /** Removes what is not pending and older than this, as stores do that keep a bounded history; returns how many. */
    public synchronized int evictHistory(Instant before) {
        return evict(one -> !isPending(one) && isBefore(one, before));
    }

    /** Removes what is pending and older, of these priorities, but the in-flight delivery; returns how many. */
    public synchronized int evictPending(Set<Priority> priorities, Instant before) {
        Set<Identity> spared = new HashSet<>();
        if (underWay != null) {
            underWay.series().forEach(samples -> spared.addAll(identitiesOf(samples.all())));
        }
        return evict(one -> isPending(one)
                && !spared.contains(one.identity())
                && priorities.contains(one.priority())
                && isBefore(one, before));
    }

    @Override
    public synchronized Optional<String> note(String key) throws StoreException {
        failIfAsked();
        return Optional.ofNullable(notes.get(key));
    }

    @Override
    public synchronized void note(String key, String value) throws StoreException {
        failIfAsked();
        notes.put(key, value);
    }

    @Override
    public synchronized StoreStatus status() {
        List<Entry> pending = pending();
        return new StoreStatus(
                stored.size(),
                0,
                pending.size(),
                pending.stream().map(ListStore::timeOf).min(Comparator.naturalOrder()),
                quarantined.size());
    }

    private int evict(Predicate<Stored> unwanted) {
        List<Identity> evicted =
                stored.values().stream().filter(unwanted).map(Stored::identity).toList();
        evicted.forEach(identity -> {
            stored.remove(identity);
            acknowledged.remove(identity);
            quarantined.remove(identity);
        });
        return evicted.size();
    }

    private static boolean isBefore(Stored one, Instant time) {
        return Instant.ofEpochMilli(one.timestamp()).isBefore(time);
    }

    private boolean isPending(Stored one) {
        return one.text() == null && isOpen(one);
    }

    /** Whether it is neither acknowledged nor quarantined. */
    private boolean isOpen(Stored one) {
        return !acknowledged.containsKey(one.identity()) && !quarantined.containsKey(one.identity());
    }

    private long timestampOf(SampleBatch batch) {
        Instant time = batch.timestamp();
        Instant now = clock == null || batch.ofSource() ? time : clock.instant();
        boolean far = time.isAfter(now.plus(MOST_AHEAD)) || time.isBefore(now.minus(MOST_BEHIND));
        return (far ? now : time).toEpochMilli();
    }

    private Entry entryOf(Stored one) {
        return new Entry(
                one.timestamp(),
                Objects.requireNonNull(series.get(one.series())),
                one.priority(),
                one.value(),
                one.text());
    }

    private static Instant timeOf(Entry entry) {
        return Instant.ofEpochMilli(entry.timestamp());
    }

    private void failIfAsked() throws StoreException {
        if (failure != null) {
            throw failure;
        }
    }

    private static Series seriesOf(SampleBatch batch, Sample sample) {
        Metric metric = sample.metric();
        TreeMap<String, String> tags = new TreeMap<>(batch.labels());
        for (int i = 0; i < metric.tags().size(); i++) {
            tags.put(metric.tags().get(i), sample.tagValues().get(i));
        }
        return new Series(metric.name(), metric.kind(), metric.unit(), batch.deviceId(), tags, batch.priority());
    }

    private static int wholeInstants(List<Entry> sorted, int maxSamples) {
        if (sorted.size() <= maxSamples) {
            return sorted.size();
        }
        long over = sorted.get(maxSamples).timestamp();
        // The first instant comes whole, however many it holds.
        long last = over > sorted.get(0).timestamp() ? over - 1 : over;
        return (int)
                sorted.stream().takeWhile(entry -> entry.timestamp() <= last).count();
    }

    private static SeriesSamples samplesOf(Series series, List<Entry> entries) {
        return new SeriesSamples(
                series,
                entries.stream().mapToLong(Entry::timestamp).toArray(),
                entries.stream().mapToDouble(Entry::value).toArray());
    }

    private static List<Identity> identitiesOf(Slice slice) {
        SeriesIdentity series = new SeriesIdentity(slice.samples().series());
        return IntStream.range(slice.from(), slice.to())
                .mapToObj(i -> new Identity(slice.samples().timestamp(i), series))
                .toList();
    }

    private static void requireKnown(String destination) {
        if (!destination.equals(DESTINATION)) {
            throw new IllegalArgumentException("Unknown destination " + destination);
        }
    }
}
