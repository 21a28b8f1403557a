package io.tidewatch.testing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SampleStore} keeps. A store's test implements this and gets these tests besides its own. What holds
 * across restarts and crashes is for the tests of stores that have them.
 */
public interface SampleStoreContract {
    /** The present of the stores under test. */
    Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** A metric without tags. */
    Metric LEVEL = Metric.gauge("tank.level_percent", Unit.PERCENT, "How full the tank is");

    /** A metric with a tag. */
    Metric FLOW = Metric.counter("tank.flow_bytes_total", Unit.BYTES, "What went through", "pipe");

    /** A text. */
    Metric OPERATOR = Metric.text("tank.operator", "Who is on duty");

    /** An empty store, fresh for every test. */
    SampleStore emptyStore(Clock clock) throws Exception;

    private SampleStore emptyStore() throws Exception {
        return emptyStore(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    default void handsOutWhatWasAppended() throws Exception {
        SampleStore store = emptyStore();
        Instant time = NOW.minusSeconds(10);
        AppendResult result = store.append(new SampleBatch(
                time,
                "rig-7",
                new TreeMap<>(Map.of("site", "studio", "pipe", "none")),
                Priority.HIGH,
                List.of(LEVEL.sample(-0.0), FLOW.sample(3.5, "north"))));

        assertThat(result).isEqualTo(new AppendResult(2, 0, Map.of()));
        Delivery delivery = store.next(DeliveryQuery.everything(10)).orElseThrow();
        assertThat(delivery.size()).isEqualTo(2);
        SeriesSamples level = seriesOf(delivery, LEVEL.name());
        assertThat(level.series().kind()).isEqualTo(Kind.GAUGE);
        assertThat(level.series().unit()).isEqualTo(Unit.PERCENT);
        assertThat(level.series().deviceId()).isEqualTo("rig-7");
        assertThat(level.series().priority()).isEqualTo(Priority.HIGH);
        assertThat(level.series().tags()).isEqualTo(Map.of("site", "studio", "pipe", "none"));
        assertThat(level.timestamp(0)).isEqualTo(time.toEpochMilli());
        assertThat(Double.doubleToRawLongBits(level.value(0))).isEqualTo(Double.doubleToRawLongBits(-0.0));
        SeriesSamples flow = seriesOf(delivery, FLOW.name());
        assertThat(flow.series().tags())
                .as("the tag wins over the label")
                .isEqualTo(Map.of("site", "studio", "pipe", "north"));
        assertThat(flow.value(0)).isEqualTo(3.5);
    }

    @Test
    default void keepsEveryFiniteNumberExactly() throws Exception {
        double[] numbers = {
            0,
            -0.0,
            1,
            -1,
            0.1,
            1e15,
            9007199254740992.0,
            9007199254740994.0,
            -9007199254740994.0,
            1e300,
            -1e-300,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            2147483648.0,
            1e19
        };
        SampleStore store = emptyStore();
        for (int i = 0; i < numbers.length; i++) {
            store.append(batch(NOW.plusMillis(i), Priority.NORMAL, LEVEL.sample(numbers[i])));
        }

        SeriesSamples samples =
                seriesOf(store.next(DeliveryQuery.everything(100)).orElseThrow(), LEVEL.name());
        for (int i = 0; i < numbers.length; i++) {
            assertThat(Double.doubleToRawLongBits(samples.value(i)))
                    .as("%s", numbers[i])
                    .isEqualTo(Double.doubleToRawLongBits(numbers[i]));
        }
    }

    @Test
    default void keepsASampleOnce() throws Exception {
        SampleStore store = emptyStore();
        SampleBatch batch = batch(NOW, Priority.NORMAL, LEVEL.sample(1), FLOW.sample(2, "a"), OPERATOR.sample("Ann"));
        store.append(batch);

        assertThat(store.append(batch)).isEqualTo(new AppendResult(0, 3, Map.of()));
        assertThat(store.append(batch(NOW, Priority.NORMAL, FLOW.sample(3, "b"), FLOW.sample(4, "b"))))
                .as("twice in one batch")
                .isEqualTo(new AppendResult(1, 1, Map.of()));
        assertThat(store.next(DeliveryQuery.everything(10)).orElseThrow().size())
                .isEqualTo(3);
        assertThat(store.status().pendingSamples()).isEqualTo(3);
    }

    @Test
    default void cutsTimestampsToWholeMilliseconds() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW.plusNanos(1_999_999), Priority.NORMAL, LEVEL.sample(1)));

        assertThat(store.append(batch(NOW.plusNanos(1_000_001), Priority.NORMAL, LEVEL.sample(1)))
                        .duplicates())
                .isEqualTo(1);
        Instant afterTheMillisecond = NOW.plusNanos(1_000_001);
        assertThat(store.next(query(afterTheMillisecond, DeliveryQuery.END, 10)))
                .isEmpty();
        assertThat(store.next(query(NOW.plusMillis(1), afterTheMillisecond, 10)))
                .isPresent();
        assertThat(store.next(query(Instant.MIN, Instant.MAX, 10))).isPresent();
    }

    @Test
    default void keepsTextsAndNeverHandsThemOut() throws Exception {
        SampleStore store = emptyStore();

        assertThat(store.append(batch(NOW, Priority.NORMAL, OPERATOR.sample("Ann")))
                        .stored())
                .isEqualTo(1);
        assertThat(store.next(DeliveryQuery.everything(10))).isEmpty();
        assertThat(store.status().pendingSamples()).isZero();
        assertThat(store.status().oldestPending()).isEmpty();
    }

    @Test
    default void dropsAndCountsWhatIsNoFiniteNumber() throws Exception {
        SampleStore store = emptyStore();

        assertThat(store.append(batch(
                        NOW,
                        Priority.NORMAL,
                        FLOW.sample(Double.NaN, "a"),
                        FLOW.sample(Double.POSITIVE_INFINITY, "b"),
                        FLOW.sample(Double.NEGATIVE_INFINITY, "c"),
                        LEVEL.sample(1))))
                .isEqualTo(new AppendResult(1, 0, Map.of("not_finite", 3)));
        assertThat(store.next(DeliveryQuery.everything(10)).orElseThrow().size())
                .isEqualTo(1);
    }

    @Test
    default void takesAnEmptyBatch() throws Exception {
        assertThat(emptyStore().append(batch(NOW, Priority.NORMAL))).isEqualTo(new AppendResult(0, 0, Map.of()));
    }

    @Test
    default void replacesTimestampsFarFromTheClock() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW.plus(Duration.ofMinutes(5)), Priority.NORMAL, FLOW.sample(1, "kept")));
        store.append(batch(NOW.minus(Duration.ofHours(1)), Priority.NORMAL, FLOW.sample(1, "kept")));
        store.append(batch(NOW.plus(Duration.ofMinutes(5)).plusMillis(1), Priority.NORMAL, FLOW.sample(1, "ahead")));
        store.append(batch(NOW.minus(Duration.ofHours(1)).minusMillis(1), Priority.NORMAL, FLOW.sample(1, "behind")));

        assertThat(pendingTimes(store))
                .containsExactly(
                        NOW.minus(Duration.ofHours(1)).toEpochMilli(),
                        NOW.toEpochMilli(),
                        NOW.toEpochMilli(),
                        NOW.plus(Duration.ofMinutes(5)).toEpochMilli());
    }

    @Test
    default void handsOutOldestFirstInWholeInstants() throws Exception {
        SampleStore store = emptyStore();
        for (int second : new int[] {4, 1, 3, 2}) {
            store.append(batch(NOW.plusSeconds(second), Priority.NORMAL, LEVEL.sample(1), FLOW.sample(1, "a")));
        }

        assertThat(handedOut(store, 1)).as("one instant holds more").containsExactly(1, 1);
        assertThat(handedOut(store, 2)).containsExactly(1, 1);
        assertThat(handedOut(store, 3)).as("no part of an instant").containsExactly(1, 1);
        assertThat(handedOut(store, 5)).containsExactly(1, 1, 2, 2);
        assertThat(handedOut(store, 100)).containsExactly(1, 1, 2, 2, 3, 3, 4, 4);
    }

    @Test
    default void handsOutOnlyWhatTheQueryWants() throws Exception {
        SampleStore store = emptyStore();
        for (int second = 1; second <= 4; second++) {
            store.append(batch(NOW.plusSeconds(second), Priority.CRITICAL, LEVEL.sample(1)));
            store.append(batch(NOW.plusSeconds(second), Priority.LOW, FLOW.sample(1, "a")));
        }

        Delivery delivery = store.next(new DeliveryQuery(
                        NOW.plusSeconds(2), NOW.plusSeconds(4), EnumSet.of(Priority.LOW, Priority.HIGH), 100))
                .orElseThrow();
        assertThat(delivery.series()).hasSize(1);
        assertThat(timesOf(delivery))
                .containsExactly(
                        NOW.plusSeconds(2).toEpochMilli(), NOW.plusSeconds(3).toEpochMilli());
        assertThat(store.next(
                        new DeliveryQuery(DeliveryQuery.BEGINNING, DeliveryQuery.END, EnumSet.of(Priority.HIGH), 100)))
                .isEmpty();
        assertThat(store.next(query(NOW, NOW.plusSeconds(1), 100))).isEmpty();
    }

    @Test
    default void whatIsNotSettledStaysPending() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Delivery abandoned = store.next(DeliveryQuery.everything(10)).orElseThrow();
        Delivery current = store.next(DeliveryQuery.everything(10)).orElseThrow();

        assertThatThrownBy(() -> store.settle(abandoned, Settlement.accepted(abandoned, NOW)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        store.settle(current, new Settlement(List.of(), List.of()));
        assertThat(store.next(DeliveryQuery.everything(10))).isPresent();
    }

    @Test
    default void settlesADeliveryOnce() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Delivery delivery = store.next(DeliveryQuery.everything(10)).orElseThrow();
        store.settle(delivery, Settlement.accepted(delivery, NOW));

        assertThatThrownBy(() -> store.settle(delivery, Settlement.accepted(delivery, NOW)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.status().pendingSamples()).isZero();
        assertThat(store.status().oldestPending()).isEmpty();
        assertThat(store.next(DeliveryQuery.everything(10))).isEmpty();
    }

    @Test
    default void refusesASettlementOfOtherSamples() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        Delivery abandoned = store.next(DeliveryQuery.everything(10)).orElseThrow();
        Delivery current = store.next(DeliveryQuery.everything(10)).orElseThrow();

        assertThatThrownBy(() -> store.settle(current, Settlement.accepted(abandoned, NOW)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.settle(
                        current,
                        new Settlement(
                                List.of(),
                                List.of(new Settlement.Rejection(
                                        abandoned.series().get(0).all(), "bad")))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    default void remembersEachSamplesFate() throws Exception {
        SampleStore store = emptyStore();
        for (int second = 1; second <= 4; second++) {
            store.append(batch(NOW.plusSeconds(second), Priority.NORMAL, LEVEL.sample(second)));
        }
        Delivery delivery = store.next(DeliveryQuery.everything(10)).orElseThrow();
        SeriesSamples samples = delivery.series().get(0);
        store.settle(
                delivery,
                new Settlement(
                        List.of(
                                new Settlement.Acknowledgement(0, NOW, List.of(new Slice(samples, 0, 1))),
                                new Settlement.Acknowledgement(1, NOW, List.of())),
                        List.of(new Settlement.Rejection(new Slice(samples, 2, 3), "bad"))));

        assertThat(store.status().pendingSamples()).isEqualTo(2);
        assertThat(store.status().setAsideSamples()).isEqualTo(1);
        assertThat(store.status().oldestPending())
                .hasValueSatisfying(oldest -> assertThat(oldest).isBeforeOrEqualTo(NOW.plusSeconds(2)));
        assertThat(handedOut(store, 10)).containsExactly(2, 4);
    }

    @Test
    default void handsOutWhatComesLate() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW.plusSeconds(1), Priority.NORMAL, LEVEL.sample(1)));
        store.append(batch(NOW.plusSeconds(5), Priority.NORMAL, LEVEL.sample(1)));
        Delivery delivery = store.next(DeliveryQuery.everything(10)).orElseThrow();
        store.append(batch(NOW.plusSeconds(3), Priority.NORMAL, LEVEL.sample(1)));
        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        store.append(batch(NOW.plusSeconds(5), Priority.NORMAL, LEVEL.sample(1), FLOW.sample(1, "a")));
        store.settle(delivery, Settlement.accepted(delivery, NOW));
        store.append(batch(NOW.plusSeconds(2), Priority.NORMAL, LEVEL.sample(1)));

        assertThat(store.status().pendingSamples()).isEqualTo(4);
        assertThat(handedOut(store, 10)).containsExactly(0, 2, 3, 5);
    }

    @Test
    default void aChangedPriorityHoldsForWhatIsPendingAndChangesNothingElse() throws Exception {
        SampleStore store = emptyStore();
        store.append(batch(NOW.plusSeconds(1), Priority.NORMAL, LEVEL.sample(1), FLOW.sample(1, "a")));
        Delivery first = store.next(DeliveryQuery.everything(10)).orElseThrow();
        store.settle(first, Settlement.accepted(first, NOW));
        store.append(batch(NOW.plusSeconds(2), Priority.NORMAL, LEVEL.sample(1), FLOW.sample(1, "a")));

        store.append(batch(NOW.plusSeconds(3), Priority.CRITICAL, LEVEL.sample(1)));

        Delivery critical = store.next(new DeliveryQuery(
                        DeliveryQuery.BEGINNING, DeliveryQuery.END, EnumSet.of(Priority.CRITICAL), 10))
                .orElseThrow();
        assertThat(timesOf(critical))
                .containsExactly(
                        NOW.plusSeconds(2).toEpochMilli(), NOW.plusSeconds(3).toEpochMilli());
        assertThat(critical.series().get(0).series().priority()).isEqualTo(Priority.CRITICAL);
        store.settle(critical, Settlement.accepted(critical, NOW));
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        assertThat(handedOut(store, 10)).containsExactly(2);
    }

    @Test
    default void keepsWhatSeveralThreadsAppend() throws Exception {
        SampleStore store = emptyStore();
        int threads = 4;
        int batches = 25;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                String pipe = "pipe" + thread;
                tasks.add(() -> {
                    int stored = 0;
                    for (int i = 0; i < batches; i++) {
                        stored += store.append(batch(
                                        NOW.plusMillis(i), Priority.NORMAL, FLOW.sample(i, pipe), LEVEL.sample(i)))
                                .stored();
                    }
                    return stored;
                });
            }
            int stored = 0;
            for (Future<Integer> result : executor.invokeAll(tasks)) {
                stored += result.get();
            }
            assertThat(stored).isEqualTo(threads * batches + batches);
        } finally {
            executor.shutdown();
        }
        assertThat(store.status().pendingSamples()).isEqualTo(threads * batches + batches);
        assertThat(pendingTimes(store)).hasSize(threads * batches + batches);
    }

    /** A batch of one device without labels. */
    static SampleBatch batch(Instant time, Priority priority, Sample... samples) {
        return new SampleBatch(time, "rig-7", new TreeMap<>(), priority, List.of(samples));
    }

    private static DeliveryQuery query(Instant from, Instant until, int maxSamples) {
        return new DeliveryQuery(from, until, EnumSet.allOf(Priority.class), maxSamples);
    }

    private static SeriesSamples seriesOf(Delivery delivery, String name) {
        return delivery.series().stream()
                .filter(samples -> samples.series().name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static List<Integer> handedOut(SampleStore store, int maxSamples) throws Exception {
        return timesOf(store.next(DeliveryQuery.everything(maxSamples)).orElseThrow()).stream()
                .map(time -> (int) ((time - NOW.toEpochMilli()) / 1000))
                .toList();
    }

    private static List<Long> pendingTimes(SampleStore store) throws Exception {
        Optional<Delivery> delivery = store.next(DeliveryQuery.everything(Integer.MAX_VALUE));
        return delivery.map(SampleStoreContract::timesOf).orElse(List.of());
    }

    private static List<Long> timesOf(Delivery delivery) {
        List<Long> times = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            for (int i = 0; i < samples.size(); i++) {
                times.add(samples.timestamp(i));
                assertThat(i == 0 || samples.timestamp(i - 1) < samples.timestamp(i))
                        .as("times of a series ascend")
                        .isTrue();
            }
        }
        times.sort(null);
        return times;
    }
}
