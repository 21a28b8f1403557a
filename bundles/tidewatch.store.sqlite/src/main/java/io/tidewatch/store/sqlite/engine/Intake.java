package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.clock.ArrivalClock;
import io.tidewatch.store.sqlite.delivery.DeliveryState;
import io.tidewatch.store.sqlite.delivery.Tables;
import io.tidewatch.store.sqlite.tables.PassWriter;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits batches as passes. Its calls take the lock of the store; what is asked of it needs that. */
final class Intake {
    private static final String ACTION = "Appending";
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Housekeeping housekeeping;
    private final SeriesTable series;
    private final PassWriter passes;
    private final DeliveryState deliveries;
    private final LongSupplier session;
    private boolean clamping;
    private long clamped;

    Intake(Housekeeping housekeeping, Tables tables, LongSupplier session) {
        this.housekeeping = housekeeping;
        this.series = tables.series();
        this.passes = new PassWriter(tables.passes());
        this.deliveries = tables.deliveries();
        this.session = session;
    }

    /** Commits batches that have just arrived. */
    List<AppendResult> commit(List<OverflowRing.Entry> batches) throws StoreException {
        return housekeeping.writer.locked(ACTION, () -> {
            List<AppendResult> results = store(batches);
            noteTimes(batches);
            return results;
        });
    }

    /** Commits batches that have waited. */
    List<AppendResult> write(List<OverflowRing.Entry> batches) throws StoreException {
        return housekeeping.writer.locked(ACTION, () -> store(batches));
    }

    private List<AppendResult> store(List<OverflowRing.Entry> batches) throws StoreException, SQLException {
        housekeeping.bounds.requireRoom(ACTION);
        return housekeeping.writer.transaction(ACTION, () -> insert(batches));
    }

    /**
     * Inserts batches, in the caller's transaction; those of one time and priority in one pass. Their times are compared with
     * the clock at their arrival, which may have advanced or stepped since.
     *
     * @return one result per batch
     */
    private List<AppendResult> insert(List<OverflowRing.Entry> batches) throws SQLException {
        Map<Place, List<Member>> members = new LinkedHashMap<>();
        for (int i = 0; i < batches.size(); i++) {
            SampleBatch batch = batches.get(i).batch();
            long time = ArrivalClock.timeOf(batch, batches.get(i).arrival().toEpochMilli());
            members.computeIfAbsent(new Place(time, batch.priority().level()), place -> new ArrayList<>())
                    .add(new Member(i, batch, series.idsOf(batch)));
        }
        @Nullable AppendResult[] results = new AppendResult[batches.size()];
        for (Map.Entry<Place, List<Member>> together : members.entrySet()) {
            insert(together.getKey(), together.getValue(), results);
        }
        return Stream.of(results).map(Objects::requireNonNull).toList();
    }

    private record Place(long time, int level) {}

    /** A batch among those of one commit. */
    private static final class Member {
        final int index;
        final SampleBatch batch;
        final int[] ids;

        Member(int index, SampleBatch batch, int[] ids) {
            this.index = index;
            this.batch = batch;
            this.ids = ids;
        }

        int firstId() {
            return ids.length == 0 ? 0 : ids[0];
        }
    }

    private void insert(Place place, List<Member> members, @Nullable AppendResult[] results) throws SQLException {
        // Collectors end in another order each time; the layout is the same.
        members.sort(Comparator.comparingInt(Member::firstId));
        int size = members.stream().mapToInt(member -> member.ids.length).sum();
        int[] ids = new int[size];
        double[] values = new double[size];
        @Nullable String[] text = new String[size];
        int at = 0;
        for (Member member : members) {
            for (int i = 0; i < member.ids.length; i++) {
                Sample sample = member.batch.samples().get(i);
                ids[at] = member.ids[i];
                values[at] = sample.value();
                text[at] = sample.text();
                at++;
            }
        }
        passes.dropDuplicates(place.time(), ids);
        long number = session.getAsLong();
        int numbers = passes.write(place.time(), number, place.level(), ids, values, text, false);
        int texts = passes.write(place.time(), number, place.level(), ids, values, text, true);
        if (numbers > 0) {
            deliveries.added(place.level(), place.time(), numbers);
        }
        if (texts > 0) {
            deliveries.historyAt(place.time());
        }
        int from = 0;
        for (Member member : members) {
            int end = from + member.ids.length;
            results[member.index] = resultOf(member.ids, Arrays.copyOfRange(ids, from, end));
            from = end;
        }
    }

    /** @param left the ids without those of duplicates */
    private static AppendResult resultOf(int[] ids, int[] left) {
        Map<String, Integer> dropped = new HashMap<>();
        int stored = 0;
        int duplicates = 0;
        for (int i = 0; i < ids.length; i++) {
            if (left[i] > 0) {
                stored++;
            } else if (ids[i] > 0) {
                duplicates++;
            } else {
                dropped.merge(ids[i] == SeriesTable.NONE ? "not_finite" : "too_many_series", 1, Integer::sum);
            }
        }
        return new AppendResult(stored, duplicates, dropped);
    }

    private void noteTimes(List<OverflowRing.Entry> batches) {
        int late = 0;
        Instant now = Instant.EPOCH;
        for (OverflowRing.Entry entry : batches) {
            if (ArrivalClock.isFar(entry.batch(), entry.arrival().toEpochMilli())) {
                late += entry.batch().samples().size();
                now = entry.arrival();
            }
        }
        clamped += late;
        if (clamping != late > 0) {
            clamping = late > 0;
            if (clamping) {
                LOG.warn(
                        "Samples come with times more than 5 minutes ahead of or 1 hour behind the clock, which says {};"
                                + " they are stored as of now",
                        now);
            } else {
                LOG.info("Samples come with plausible times again");
            }
        }
    }

    /** Samples whose time was replaced by the present. */
    long clamped() {
        return clamped;
    }
}
