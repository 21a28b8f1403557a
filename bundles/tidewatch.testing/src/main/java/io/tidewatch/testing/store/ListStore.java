package io.tidewatch.testing.store;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A store that is a list: the plainest thing that keeps the contract, as a fake for tests and as the model that real
 * stores are compared with. It does not look at the clock, so it clamps no timestamps.
 */
public final class ListStore implements SampleStore {
    /**
     * One sample in the store.
     *
     * @param timestamp milliseconds since the epoch
     * @param series its series
     * @param value its number; NaN for a text
     * @param text its text, or null
     */
    public record Entry(long timestamp, Series series, double value, @Nullable String text) {}

    private record Identity(long timestamp, String name, String deviceId, Map<String, String> tags, boolean text) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Set<Identity> known = new HashSet<>();
    private final Set<Entry> settled = new HashSet<>();
    private final Map<Entry, String> setAside = new LinkedHashMap<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private @Nullable Delivery underWay;
    private @Nullable StoreException failure;

    /** From now on every call but {@link #status} fails with this; null ends it. */
    public synchronized void failWith(@Nullable StoreException failure) {
        this.failure = failure;
    }

    /** Everything that was appended, in order. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** What is neither acknowledged nor rejected, in order of appending. */
    public synchronized List<Entry> pending() {
        return entries.stream()
                .filter(entry -> entry.text() == null && !settled.contains(entry) && !setAside.containsKey(entry))
                .toList();
    }

    /** What was rejected, with the reason. */
    public synchronized Map<Entry, String> setAside() {
        return Map.copyOf(setAside);
    }

    /** All settlements, in order. */
    public synchronized List<Settlement> settlements() {
        return List.copyOf(settlements);
    }

    @Override
    public synchronized AppendResult append(SampleBatch batch) throws StoreException {
        failIfAsked();
        int stored = 0;
        int duplicates = 0;
        Map<String, Integer> dropped = new HashMap<>();
        for (Sample sample : batch.samples()) {
            boolean text = sample.metric().kind() == Kind.TEXT;
            if (!text && !Double.isFinite(sample.value())) {
                dropped.merge("not_finite", 1, Integer::sum);
                continue;
            }
            Series series = seriesOf(batch, sample);
            long timestamp = batch.timestamp().toEpochMilli();
            if (known.add(new Identity(timestamp, series.name(), series.deviceId(), series.tags(), text))) {
                entries.add(new Entry(timestamp, series, sample.value(), sample.text()));
                stored++;
            } else {
                duplicates++;
            }
        }
        return new AppendResult(stored, duplicates, dropped);
    }

    @Override
    public synchronized Optional<Delivery> next(DeliveryQuery query) throws StoreException {
        failIfAsked();
        underWay = null;
        List<Entry> wanted = pending().stream()
                .filter(entry -> query.priorities().contains(entry.series().priority()))
                .filter(entry -> entry.timestamp() >= query.from().toEpochMilli()
                        && entry.timestamp() < query.until().toEpochMilli())
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
    public synchronized void settle(Delivery delivery, Settlement settlement) throws StoreException {
        failIfAsked();
        if (delivery != underWay) {
            throw new IllegalArgumentException("Delivery " + delivery.batchId() + " is not the one under way");
        }
        Set<SeriesSamples> own = Set.copyOf(delivery.series());
        List<Slice> named = new ArrayList<>();
        settlement.acknowledged().forEach(acknowledgement -> named.addAll(acknowledgement.slices()));
        settlement.rejected().forEach(rejection -> named.add(rejection.slice()));
        if (!named.stream().allMatch(slice -> own.contains(slice.samples()))) {
            throw new IllegalArgumentException("The settlement names samples of another delivery");
        }
        settlement.acknowledged().forEach(acknowledgement -> acknowledgement
                .slices()
                .forEach(slice -> settled.addAll(entriesOf(slice))));
        settlement.rejected().forEach(rejection -> entriesOf(rejection.slice())
                .forEach(entry -> setAside.put(entry, rejection.reason())));
        settlements.add(settlement);
        underWay = null;
    }

    @Override
    public synchronized StoreStatus status() {
        List<Entry> pending = pending();
        return new StoreStatus(
                entries.size(),
                0,
                pending.size(),
                pending.stream()
                        .map(entry -> Instant.ofEpochMilli(entry.timestamp()))
                        .min(Comparator.naturalOrder()),
                setAside.size());
    }

    private void failIfAsked() throws StoreException {
        if (failure != null) {
            throw failure;
        }
    }

    private static Series seriesOf(SampleBatch batch, Sample sample) {
        TreeMap<String, String> tags = new TreeMap<>(batch.labels());
        for (int i = 0; i < sample.tagValues().size(); i++) {
            tags.put(sample.metric().tags().get(i), sample.tagValues().get(i));
        }
        return new Series(
                sample.metric().name(),
                sample.metric().kind(),
                sample.metric().unit(),
                batch.deviceId(),
                tags,
                batch.priority());
    }

    private static int wholeInstants(List<Entry> sorted, int maxSamples) {
        if (sorted.size() <= maxSamples) {
            return sorted.size();
        }
        int end = maxSamples;
        while (end > 0 && sorted.get(end - 1).timestamp() == sorted.get(end).timestamp()) {
            end--;
        }
        if (end > 0) {
            return end;
        }
        end = maxSamples;
        while (end < sorted.size()
                && sorted.get(end).timestamp() == sorted.get(0).timestamp()) {
            end++;
        }
        return end;
    }

    private static SeriesSamples samplesOf(Series series, List<Entry> entries) {
        return new SeriesSamples(
                series,
                entries.stream().mapToLong(Entry::timestamp).toArray(),
                entries.stream().mapToDouble(Entry::value).toArray());
    }

    private static List<Entry> entriesOf(Slice slice) {
        List<Entry> entries = new ArrayList<>();
        for (int i = slice.from(); i < slice.to(); i++) {
            entries.add(new Entry(
                    slice.samples().timestamp(i),
                    slice.samples().series(),
                    slice.samples().value(i),
                    null));
        }
        return entries;
    }
}
