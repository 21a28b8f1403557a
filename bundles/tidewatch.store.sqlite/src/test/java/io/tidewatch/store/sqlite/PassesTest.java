package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.FLOW;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.OPERATOR;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That passes, layouts and ranges are as few as the layout of the store promises. */
class PassesTest {
    @TempDir
    Path folder;

    private SqliteStore store;
    private int time;

    @BeforeEach
    void open() throws Exception {
        store = TestStores.open(folder.resolve("metrics.db"), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aBatchIsOnePass() throws Exception {
        append(60);
        append(60);
        assertThat(query("SELECT count(*) FROM pass")).isEqualTo("2");
        assertThat(query("SELECT count(*) FROM layout")).isEqualTo("1");
        assertThat(query("SELECT group_concat(json_array_length(samples) || ' ' || numbers || ' ' || texts) FROM pass"))
                .isEqualTo("60 60 0,60 60 0");
    }

    @Test
    void aPassBehindAsManyOfAnotherPriorityAsAreLookedAtIsDeliveredOnce() throws Exception {
        List<OverflowRing.Entry> others = new ArrayList<>();
        for (int i = 0; i < 100_001; i++) {
            Instant at = NOW.minusMillis(200_000 - i);
            others.add(new OverflowRing.Entry(batch(at, Priority.LOW, flow(0)), at));
        }
        Instant before = NOW.minusMillis(300_000);
        store.append(batch(before, Priority.CRITICAL, flow(1)));
        store.write(others);
        store.append(batch(NOW, Priority.CRITICAL, flow(1)));
        DeliveryQuery urgent =
                new DeliveryQuery(DESTINATION, Instant.EPOCH, NOW.plusSeconds(1), Set.of(Priority.CRITICAL), 1000);
        Delivery delivery = store.next(urgent).orElseThrow();
        assertThat(delivery.size()).isEqualTo(2);
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));

        assertThat(query("SELECT count(*) FROM metrics WHERE priority = 0 AND uploaded = 0"))
                .isEqualTo("0");
        store.close();
        open();
        assertThat(store.next(urgent)).isEmpty();
        assertThat(store.status().pendingSamples()).isEqualTo(100_001);
    }

    @Test
    void textsArePassesOfTheirOwn() throws Exception {
        store.append(batch(NOW, Priority.NORMAL, FLOW.sample(1, "a"), OPERATOR.sample("Ann"), FLOW.sample(2, "b")));
        assertThat(query("SELECT group_concat(samples, ' ') FROM pass")).isEqualTo("[1,2] [\"Ann\"]");
    }

    @Test
    void aSeriesThatIsMissingForOnceIsNull() throws Exception {
        append(4);
        store.append(batch(NOW.plusMillis(time++), Priority.NORMAL, flow(0), flow(2), flow(3)));
        append(4);
        assertThat(query("SELECT count(*) FROM layout")).isEqualTo("1");
        assertThat(query("SELECT samples FROM pass WHERE seq = 2")).isEqualTo("[0,null,2,3]");
        assertThat(query("SELECT count(*) FROM metrics")).isEqualTo("11");
    }

    @Test
    void aSeriesThatComesAndGoesMakesTwoLayoutsMore() throws Exception {
        for (int i = 0; i < 50; i++) {
            append(20 + i % 2);
        }
        assertThat(query("SELECT count(*) FROM layout")).isEqualTo("3");
        assertThat(query("SELECT count(*) FROM metrics")).isEqualTo(String.valueOf(50 * 20 + 25));
    }

    @Test
    void aSeriesThatStaysAwayIsDroppedFromItsLayout() throws Exception {
        append(10);
        for (int i = 0; i < 20; i++) {
            append(9);
        }
        assertThat(query("SELECT samples FROM pass ORDER BY seq DESC LIMIT 1")).isEqualTo("[0,1,2,3,4,5,6,7,8]");
        assertThat(query("SELECT count(*) FROM layout")).isEqualTo("2");
    }

    /** A tag that changes all the time: with a layout of all columns for each pass this would be 2,000,000 columns. */
    @Test
    void aNewSeriesInEachPassDoesNotWriteAllColumnsAnew() throws Exception {
        for (int i = 0; i < 400; i++) {
            append(100 + i);
        }
        assertThat(Integer.parseInt(query("SELECT sum(json_array_length(series)) FROM layout")))
                .isLessThan(20_000);
        assertThat(query("SELECT count(*) FROM metrics")).isEqualTo(String.valueOf(400 * 100 + 399 * 400 / 2));
    }

    @Test
    void priorityByPriorityOneRangeGrows() throws Exception {
        for (int i = 0; i < 300; i++) {
            store.append(batch(NOW.plusMillis(i), Priority.ofLevel(i % 4), FLOW.sample(i, "p" + i % 4)));
        }
        for (Priority priority : Priority.values()) {
            deliver(Set.of(priority), 10);
            assertThat(ranges()).as("%s", priority).isLessThanOrEqualTo(priority.level() + 1);
        }
        assertThat(store.status().pendingSamples()).isZero();
    }

    @Test
    void evictedPassesDoNotDivideRanges() throws Exception {
        for (int i = 0; i < 300; i++) {
            Priority priority = i % 3 == 0 ? Priority.LOW : Priority.NORMAL;
            store.append(batch(NOW.plusMillis(i), priority, FLOW.sample(i, "p" + i % 3)));
        }
        boolean[] low = {false, false, false, true};
        store.bounds().steps().pendingStep(Reason.MAX_SIZE_PENDING, low, 0, NOW.toEpochMilli() + 1000, 10_000);
        deliver(Set.of(Priority.NORMAL), 10);
        assertThat(ranges()).isEqualTo(1);
        assertThat(store.status().pendingSamples()).isZero();
    }

    /** Numbers are not used again, or a new pass would count as delivered. */
    @Test
    void aPassAfterEverythingWasEvictedIsPending() throws Exception {
        append(3);
        deliver(Set.of(Priority.values()), 10);
        store.bounds().steps().historyStep(Reason.MAX_SIZE_DELIVERED, NOW.toEpochMilli() + 1000, 10_000);
        assertThat(query("SELECT count(*) FROM pass")).isEqualTo("0");
        close();
        open();
        append(3);
        assertThat(store.status().pendingSamples()).isEqualTo(3);
        assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))
                        .orElseThrow()
                        .size())
                .isEqualTo(3);
    }

    private void append(int series) throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < series; i++) {
            samples.add(flow(i));
        }
        store.append(batch(NOW.plusMillis(time++), Priority.NORMAL, samples.toArray(Sample[]::new)));
    }

    private static Sample flow(int i) {
        return FLOW.sample(i, "p" + i);
    }

    /** Eight collectors at once are one row, whichever of them ends first; each is told of its own samples. */
    @Test
    void batchesOfOneCommitAndTimeAreOnePass() throws Exception {
        SampleBatch cpu = batch(NOW, Priority.NORMAL, Operation.NUMBER.sample(1, "a"), Operation.NUMBER.sample(2, "b"));
        SampleBatch disk = batch(NOW, Priority.NORMAL, Operation.NUMBER.sample(3, "c"));
        SampleBatch twice =
                batch(NOW, Priority.NORMAL, Operation.NUMBER.sample(4, "d"), Operation.NUMBER.sample(5, "b"));
        SampleBatch high = batch(NOW, Priority.HIGH, Operation.NUMBER.sample(6, "e"));
        SampleBatch later = batch(NOW.plusMillis(1), Priority.NORMAL, Operation.NUMBER.sample(7, "a"));

        assertThat(write(cpu, disk, high, twice, later))
                .containsExactly(stored(2, 0), stored(1, 0), stored(1, 0), stored(1, 1), stored(1, 0));
        assertThat(query("SELECT group_concat(numbers || ' of ' || priority, ', ')"
                        + " FROM (SELECT * FROM pass ORDER BY seq)"))
                .isEqualTo("4 of 2, 1 of 1, 1 of 2");
        assertThat(store.status().pendingSamples()).isEqualTo(6);

        write(at(10, disk), at(10, cpu));
        write(at(20, cpu), at(20, disk));
        assertThat(query("SELECT count(DISTINCT layout) || ' in ' || count(*) FROM pass WHERE time_ms > "
                        + NOW.plusMillis(5).toEpochMilli()))
                .isEqualTo("1 in 2");
    }

    /** A day of twelve collectors at three intervals, of which every third tick one or two are late. */
    @Test
    void collectorsThatAreLateAtTimesMakeFewLayouts() throws Exception {
        int[] sizes = {4, 6, 25, 8, 5, 5, 27, 4, 62, 9, 8, 2};
        Random random = new Random(1);
        int stored = 0;
        for (int tick = 0; tick < 8640; tick++) {
            List<SampleBatch> together = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < sizes.length; i++) {
                if (i < 3 || (i < 8 && tick % 3 == 0) || tick % 6 == 0) {
                    boolean late = tick % 3 == 0 && random.nextInt(8) == 0;
                    Sample[] samples = IntStream.range(from, from + sizes[i])
                            .mapToObj(PassesTest::flow)
                            .toArray(Sample[]::new);
                    together.add(batch(NOW.plusMillis(tick * 2L + (late ? 1 : 0)), Priority.NORMAL, samples));
                    stored += sizes[i];
                }
                from += sizes[i];
            }
            write(together.toArray(SampleBatch[]::new));
        }
        assertThat(store.status().pendingSamples()).isEqualTo(stored);
        assertThat(Integer.parseInt(query("SELECT sum(json_array_length(series)) FROM layout")))
                .as("columns of layouts, beside %d samples", stored)
                .isLessThan(stored / 20);
        assertThat(Integer.parseInt(query("SELECT sum(json_array_length(samples)) FROM pass")))
                .as("columns of passes")
                .isLessThan(stored + stored / 20);
        assertThat(Integer.parseInt(query("SELECT count(*) FROM pass"))).isLessThan(2 * 8640);
    }

    private List<AppendResult> write(SampleBatch... batches) throws Exception {
        return store.write(Stream.of(batches)
                .map(batch -> new OverflowRing.Entry(batch, NOW))
                .toList());
    }

    private static SampleBatch at(int millis, SampleBatch batch) {
        return batch(NOW.plusMillis(millis), batch.priority(), batch.samples().toArray(Sample[]::new));
    }

    private static AppendResult stored(int count, int duplicates) {
        return new AppendResult(count, duplicates, Map.of());
    }

    private void deliver(Set<Priority> priorities, int most) throws Exception {
        while (true) {
            Delivery delivery = store.next(new DeliveryQuery(
                            DESTINATION, DeliveryQuery.BEGINNING, DeliveryQuery.END, priorities, most))
                    .orElse(null);
            if (delivery == null) {
                return;
            }
            store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        }
    }

    private int ranges() throws Exception {
        return Integer.parseInt(query("SELECT count(*) FROM delivered"));
    }

    private String query(String sql) throws Exception {
        try (Statement statement = store.database().connection().createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
