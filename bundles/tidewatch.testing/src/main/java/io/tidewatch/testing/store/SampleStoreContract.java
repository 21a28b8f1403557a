package io.tidewatch.testing.store;

import static io.tidewatch.testing.store.ListStore.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SeriesSamples;
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
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SampleStore} keeps. A store's test implements this and gets these tests besides its own. What holds
 * across restarts and crashes is for the tests of stores that have them.
 */
public interface SampleStoreContract {
    /** The present of the stores under test. */
    Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    Metric LEVEL = Metric.gauge("tank.level_percent", Unit.PERCENT, "How full the tank is");

    Metric FLOW = Metric.counter("tank.flow_bytes_total", Unit.BYTES, "What went through", "pipe");

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
        Delivery delivery = next(store);
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
            store.append(batch(NOW.plusMillis(i), LEVEL.sample(numbers[i])));
        }

        SeriesSamples samples = seriesOf(next(store), LEVEL.name());
        for (int i = 0; i < numbers.length; i++) {
            assertThat(Double.doubleToRawLongBits(samples.value(i)))
                    .as("%s", numbers[i])
                    .isEqualTo(Double.doubleToRawLongBits(numbers[i]));
        }
    }

    @Test
    default void keepsASampleOnce() throws Exception {
        SampleStore store = emptyStore();
        SampleBatch batch = batch(NOW, LEVEL.sample(1), FLOW.sample(2, "a"), OPERATOR.sample("Ann"));
        store.append(batch);

        assertThat(store.append(batch)).isEqualTo(new AppendResult(0, 3, Map.of()));
        assertThat(store.append(batch(NOW, FLOW.sample(3, "b"), FLOW.sample(4, "b"))))
                .as("twice in one batch")
                .isEqualTo(new AppendResult(1, 1, Map.of()));
        assertThat(next(store).size()).isEqualTo(3);
        assertThat(store.status().pendingSamples()).isEqualTo(3);
    }

    @Test
    default void cutsTimestampsToWholeMilliseconds() throws Exception {
        SampleStore store = storeWith(batch(NOW.plusNanos(1_999_999), LEVEL.sample(1)));

        assertThat(store.append(batch(NOW.plusNanos(1_000_001), LEVEL.sample(1)))
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

        assertThat(store.append(batch(NOW, OPERATOR.sample("Ann"))).stored()).isEqualTo(1);
        assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))).isEmpty();
        assertThat(store.status().pendingSamples()).isZero();
        assertThat(store.status().oldestPending()).isEmpty();
    }

    /** One name, once as a number and once as a text, at one moment: two series. */
    @Test
    default void keepsANumberAndATextOfOneName() throws Exception {
        Metric text = Metric.text(LEVEL.name(), "How full the tank looks");
        SampleStore store = emptyStore();

        assertThat(store.append(batch(NOW, LEVEL.sample(7), text.sample("half"))))
                .isEqualTo(new AppendResult(2, 0, Map.of()));
        assertThat(store.append(batch(NOW, text.sample("half"), LEVEL.sample(7))))
                .isEqualTo(new AppendResult(0, 2, Map.of()));
        Delivery delivery = next(store);
        assertThat(delivery.size()).isEqualTo(1);
        assertThat(delivery.series().get(0).value(0)).isEqualTo(7);
    }

    @Test
    default void dropsAndCountsWhatIsNoFiniteNumber() throws Exception {
        SampleStore store = emptyStore();

        assertThat(store.append(batch(
                        NOW,
                        FLOW.sample(Double.NaN, "a"),
                        FLOW.sample(Double.POSITIVE_INFINITY, "b"),
                        FLOW.sample(Double.NEGATIVE_INFINITY, "c"),
                        LEVEL.sample(1))))
                .isEqualTo(new AppendResult(1, 0, Map.of("not_finite", 3)));
        assertThat(next(store).size()).isEqualTo(1);
    }

    @Test
    default void takesAnEmptyBatch() throws Exception {
        assertThat(emptyStore().append(batch(NOW))).isEqualTo(new AppendResult(0, 0, Map.of()));
    }

    @Test
    default void replacesTimestampsFarFromTheClock() throws Exception {
        SampleStore store = storeWith(batch(NOW.plus(Duration.ofMinutes(5)), FLOW.sample(1, "kept")));
        store.append(batch(NOW.minus(Duration.ofHours(1)), FLOW.sample(1, "kept")));
        store.append(batch(NOW.plus(Duration.ofMinutes(5)).plusMillis(1), FLOW.sample(1, "ahead")));
        store.append(batch(NOW.minus(Duration.ofHours(1)).minusMillis(1), FLOW.sample(1, "behind")));

        assertThat(pendingTimes(store))
                .containsExactly(
                        NOW.minus(Duration.ofHours(1)).toEpochMilli(),
                        NOW.toEpochMilli(),
                        NOW.toEpochMilli(),
                        NOW.plus(Duration.ofMinutes(5)).toEpochMilli());
    }

    @Test
    default void keepsTheTimeOfASourceHoweverFarItIs() throws Exception {
        SampleStore store = emptyStore();
        List<Instant> times = List.of(NOW.minus(Duration.ofDays(2)), NOW.plus(Duration.ofDays(1)));
        Metric foreign = Metric.foreign("Other_Program:value", Kind.COUNTER, "Help", List.of("Mode"));
        List<Sample> one = List.of(foreign.sample(1, "x"));
        for (Instant time : times) {
            store.append(new SampleBatch(time, "rig-7", new TreeMap<>(), Priority.NORMAL, Duration.ZERO, one, true));
        }
        SeriesSamples samples = seriesOf(next(store), foreign.name());
        assertThat(samples.series().unit()).isEqualTo(Unit.FOREIGN);
        assertThat(samples.series().tags()).isEqualTo(Map.of("Mode", "x"));
        assertThat(List.of(samples.timestamp(0), samples.timestamp(1)))
                .containsExactlyInAnyOrderElementsOf(
                        times.stream().map(Instant::toEpochMilli).toList());
    }

    @Test
    default void handsOutOldestFirstInWholeInstants() throws Exception {
        SampleStore store = emptyStore();
        for (int second : new int[] {4, 1, 3, 2}) {
            store.append(batch(at(second), LEVEL.sample(1), FLOW.sample(1, "a")));
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
            store.append(batch(at(second), Priority.CRITICAL, LEVEL.sample(1)));
            store.append(batch(at(second), Priority.LOW, FLOW.sample(1, "a")));
        }

        Delivery delivery = store.next(
                        new DeliveryQuery(DESTINATION, at(2), at(4), EnumSet.of(Priority.LOW, Priority.HIGH), 100))
                .orElseThrow();
        assertThat(delivery.series()).hasSize(1);
        assertThat(timesOf(delivery)).containsExactly(at(2).toEpochMilli(), at(3).toEpochMilli());
        assertThat(store.next(new DeliveryQuery(
                        DESTINATION, DeliveryQuery.BEGINNING, DeliveryQuery.END, EnumSet.of(Priority.HIGH), 100)))
                .isEmpty();
        assertThat(store.next(query(NOW, at(1), 100))).isEmpty();
    }

    @Test
    default void whatIsNotCompletedStaysPending() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery abandoned = next(store);
        Delivery current = next(store);

        assertAbandoned(store, abandoned);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
        store.complete(current, new DeliveryOutcome(List.of(), List.of()));
        assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))).isPresent();
    }

    @Test
    default void completesADeliveryOnce() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery delivery = next(store);
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));

        assertRefused(() -> store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW)));
        assertThat(store.status().pendingSamples()).isZero();
        assertThat(store.status().oldestPending()).isEmpty();
        assertThat(store.next(DeliveryQuery.everything(DESTINATION, 10))).isEmpty();
    }

    @Test
    default void refusesAnUnknownDestination() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery delivery = next(store);

        assertThatThrownBy(() -> store.next(DeliveryQuery.everything("elsewhere", 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere");
        assertRefused(() -> store.resend("elsewhere", NOW));
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        assertThat(store.status().pendingSamples()).isZero();
    }

    @Test
    default void refusesAnOutcomeOfOtherSamples() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery abandoned = next(store);
        Delivery current = next(store);

        assertRefused(() -> store.complete(current, DeliveryOutcome.accepted(abandoned, NOW)));
        assertRefused(() -> store.complete(
                current,
                new DeliveryOutcome(
                        List.of(),
                        List.of(new DeliveryOutcome.Rejection(
                                abandoned.series().get(0).all(), "bad")))));
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    default void remembersEachSamplesFate() throws Exception {
        SampleStore store = emptyStore();
        for (int second = 1; second <= 4; second++) {
            store.append(batch(at(second), LEVEL.sample(second)));
        }
        Delivery delivery = next(store);
        SeriesSamples samples = delivery.series().get(0);
        store.complete(
                delivery,
                new DeliveryOutcome(
                        List.of(
                                new DeliveryOutcome.Acknowledgement(0, NOW, List.of(new Slice(samples, 0, 1))),
                                new DeliveryOutcome.Acknowledgement(1, NOW, List.of())),
                        List.of(new DeliveryOutcome.Rejection(new Slice(samples, 2, 3), "bad"))));

        assertThat(store.status().pendingSamples()).isEqualTo(2);
        assertThat(store.status().quarantinedSamples()).isEqualTo(1);
        assertThat(store.status().oldestPending())
                .hasValueSatisfying(oldest -> assertThat(oldest).isBeforeOrEqualTo(at(2)));
        assertThat(handedOut(store, 10)).containsExactly(2, 4);
    }

    @Test
    default void handsOutWhatComesLate() throws Exception {
        SampleStore store = storeWith(batch(at(1), LEVEL.sample(1)));
        store.append(batch(at(5), LEVEL.sample(1)));
        Delivery delivery = next(store);
        store.append(batch(at(3), LEVEL.sample(1)));
        store.append(batch(NOW, LEVEL.sample(1)));
        store.append(batch(at(5), LEVEL.sample(1), FLOW.sample(1, "a")));
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        store.append(batch(at(2), LEVEL.sample(1)));

        assertThat(store.status().pendingSamples()).isEqualTo(4);
        assertThat(handedOut(store, 10)).containsExactly(0, 2, 3, 5);
    }

    @Test
    default void aSampleKeepsThePriorityThatItCameWith() throws Exception {
        SampleStore store = storeWith(batch(at(1), LEVEL.sample(1), FLOW.sample(1, "a")));
        accept(store, NOW);
        store.append(batch(at(2), LEVEL.sample(1), FLOW.sample(1, "a")));

        store.append(batch(at(3), Priority.CRITICAL, LEVEL.sample(1)));

        Delivery critical = store.next(new DeliveryQuery(
                        DESTINATION, DeliveryQuery.BEGINNING, DeliveryQuery.END, EnumSet.of(Priority.CRITICAL), 10))
                .orElseThrow();
        assertThat(timesOf(critical)).containsExactly(at(3).toEpochMilli());
        assertThat(critical.series().get(0).series().priority()).isEqualTo(Priority.CRITICAL);
        store.complete(critical, DeliveryOutcome.accepted(critical, NOW));
        assertThat(store.status().pendingSamples()).isEqualTo(2);
        assertThat(handedOut(store, 10)).containsExactly(2, 2);
    }

    @Test
    default void resendsWhatWasAcknowledgedSince() throws Exception {
        SampleStore store = emptyStore();
        for (int second = 1; second <= 3; second++) {
            store.append(batch(at(second), LEVEL.sample(1), FLOW.sample(1, "a")));
            accept(store, at(second));
        }
        store.append(batch(at(4), LEVEL.sample(1)));

        assertThat(store.resend(DESTINATION, NOW.plusSeconds(3).plusMillis(1))).isZero();
        assertThat(store.resend(DESTINATION, at(2))).isEqualTo(4);
        assertThat(store.status().pendingSamples()).isEqualTo(5);
        assertThat(store.status().oldestPending())
                .hasValueSatisfying(oldest -> assertThat(oldest).isBeforeOrEqualTo(at(2)));
        assertThat(handedOut(store, 10)).containsExactly(2, 2, 3, 3, 4);
        assertThat(store.resend(DESTINATION, at(2))).as("pending already").isZero();
    }

    @Test
    default void resendingLeavesWhatWasQuarantined() throws Exception {
        SampleStore store = emptyStore();
        for (int second = 1; second <= 3; second++) {
            store.append(batch(at(second), LEVEL.sample(1), OPERATOR.sample("Ann")));
        }
        Delivery delivery = next(store);
        SeriesSamples samples = delivery.series().get(0);
        store.complete(
                delivery,
                new DeliveryOutcome(
                        List.of(new DeliveryOutcome.Acknowledgement(
                                0, NOW, List.of(new Slice(samples, 0, 1), new Slice(samples, 2, 3)))),
                        List.of(new DeliveryOutcome.Rejection(new Slice(samples, 1, 2), "bad"))));

        assertThat(store.resend(DESTINATION, Instant.MIN)).isEqualTo(2);
        assertThat(store.status().quarantinedSamples()).isEqualTo(1);
        assertThat(handedOut(store, 10)).containsExactly(1, 3);
        accept(store, NOW);
        assertThat(store.status().pendingSamples()).isZero();
    }

    @Test
    default void resendsWhateverThePriorityIsNow() throws Exception {
        SampleStore store = storeWith(batch(at(1), LEVEL.sample(1)));
        accept(store, NOW);
        store.append(batch(at(2), Priority.CRITICAL, LEVEL.sample(1)));

        assertThat(store.resend(DESTINATION, NOW)).isEqualTo(1);
        assertThat(handedOut(store, 10)).containsExactly(1, 2);
    }

    @Test
    default void resendingAndShiftingAbandonTheDelivery() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery resent = next(store);
        store.resend(DESTINATION, NOW);
        assertRefused(() -> store.complete(resent, DeliveryOutcome.accepted(resent, NOW)));

        Delivery shifted = next(store);
        store.shift(NOW.minusSeconds(5), NOW, Duration.ofSeconds(1));
        assertAbandoned(store, shifted);

        Delivery moved = next(store);
        store.clockSet(at(5), Duration.ofSeconds(1));
        assertAbandoned(store, moved);
        assertThat(store.status().pendingSamples()).isEqualTo(1);
    }

    @Test
    default void shiftsWhatIsPendingInAStretchOfTime() throws Exception {
        SampleStore store = storeWith(batch(at(3), LEVEL.sample(1)));
        accept(store, NOW);
        for (int second = 1; second <= 5; second++) {
            store.append(batch(at(second), FLOW.sample(second, "a")));
        }
        store.append(batch(at(3), OPERATOR.sample("Ann")));

        assertThat(store.shift(at(2), at(5), Duration.ofSeconds(100)))
                .as("three numbers and a text")
                .isEqualTo(4);
        assertThat(store.status().pendingSamples()).isEqualTo(5);
        assertThat(handedOut(store, 10)).containsExactly(1, 5, 102, 103, 104);
        assertThat(valuesOf(store, FLOW)).containsExactly(1.0, 5.0, 2.0, 3.0, 4.0);
        assertThat(store.append(batch(at(3), LEVEL.sample(1), OPERATOR.sample("Bob"))))
                .as("the delivered one stayed, the text moved")
                .isEqualTo(new AppendResult(1, 1, Map.of()));
        assertThat(store.append(batch(at(3), FLOW.sample(6, "a"))))
                .as("the time is free again")
                .isEqualTo(new AppendResult(1, 0, Map.of()));
    }

    @Test
    default void aClockThatIsSetMovesWhatItStampedBefore() throws Exception {
        SampleStore store = storeWith(batch(at(1), LEVEL.sample(1)));
        accept(store, NOW);
        store.append(batch(at(2), LEVEL.sample(2), OPERATOR.sample("Ann")));
        store.append(batch(at(3), LEVEL.sample(3)));
        store.append(batch(at(9), LEVEL.sample(4)));

        assertThat(store.clockSet(at(4), Duration.ofSeconds(100))).isEqualTo(3);
        assertThat(handedOut(store, 10)).containsExactly(9, 102, 103);

        assertRefused(() -> store.clockSet(at(200), Duration.ofDays(365 * 60).negated()));
        assertRefused(() -> store.clockSet(at(200), Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(store.clockSet(DeliveryQuery.END, Duration.ZERO)).isZero();
        assertThat(handedOut(store, 10)).containsExactly(9, 102, 103);
    }

    @Test
    default void shiftingTellsAgesFromTheNewTimes() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        store.shift(NOW, NOW.plusMillis(1), Duration.ofDays(1));

        assertThat(store.status().oldestPending())
                .hasValueSatisfying(oldest -> assertThat(oldest).isAfter(NOW));
    }

    @Test
    default void shiftingOntoOthersLosesNothingAndKeepsTheOrder() throws Exception {
        for (int step : new int[] {1, -1, 2, -2, 3, -3}) {
            SampleStore store = emptyStore();
            // At 2, 4 and 6: delivered, not moved. At 3, 5 and 7: pending, moved.
            for (int millis : new int[] {2, 4, 6}) {
                store.append(batch(NOW.plusMillis(millis), FLOW.sample(millis, "a")));
            }
            accept(store, NOW);
            for (int millis : new int[] {3, 5, 7}) {
                store.append(batch(NOW.plusMillis(millis), FLOW.sample(millis, "a")));
            }

            assertThat(store.shift(NOW, NOW.plusMillis(10), Duration.ofMillis(step)))
                    .isEqualTo(3);
            assertThat(store.status().pendingSamples()).isEqualTo(3);
            assertThat(valuesOf(store, FLOW)).as("step %s", step).containsExactly(3.0, 5.0, 7.0);
            List<Long> expected =
                    switch (step) {
                        case 1 -> List.of(5L, 7L, 8L);
                        case -1 -> List.of(3L, 5L, 7L);
                        case 2 -> List.of(5L, 7L, 9L);
                        case -2 -> List.of(1L, 3L, 5L);
                        case 3 -> List.of(7L, 8L, 10L);
                        default -> List.of(0L, 3L, 5L);
                    };
            assertThat(pendingTimes(store).stream()
                            .map(time -> time - NOW.toEpochMilli())
                            .toList())
                    .as("step %s", step)
                    .isEqualTo(expected);
        }
    }

    @Test
    default void shiftsManySamplesInBothDirections() throws Exception {
        for (int seconds : new int[] {3, -3, 1_000_000, -1_000_000}) {
            SampleStore store = emptyStore();
            int count = 2_500;
            for (int i = 0; i < count; i++) {
                store.append(batch(NOW.plusMillis(i), FLOW.sample(i, "a"), LEVEL.sample(i), OPERATOR.sample("A")));
            }

            assertThat(store.shift(NOW, at(60), Duration.ofSeconds(seconds))).isEqualTo(3L * count);
            assertThat(store.status().pendingSamples()).isEqualTo(2L * count);
            List<Long> times = pendingTimes(store);
            assertThat(times).hasSize(2 * count);
            long first = at(seconds).toEpochMilli();
            assertThat(times.get(0)).isEqualTo(first);
            assertThat(times.get(times.size() - 1)).isEqualTo(first + count - 1);
        }
    }

    @Test
    default void refusesToShiftOutOfTime() throws Exception {
        SampleStore store = emptyStore();
        Instant end = at(1);
        assertRefused(() -> store.shift(NOW, end, Duration.ofDays(365 * 60).negated()));
        assertRefused(() -> store.shift(NOW, end, Duration.ofDays(365 * 8000)));
        assertRefused(() -> store.shift(NOW, end, Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(store.shift(Instant.MIN, Instant.MAX, Duration.ZERO)).isZero();
    }

    @Test
    default void readsANoteAsItWasWrittenLast() throws Exception {
        SampleStore store = emptyStore();
        assertThat(store.note("a.key")).isEmpty();

        String longest = "é\n".repeat(2_000);
        for (String value : List.of("1", "", "it's \"two\"; 2", longest)) {
            store.note("a.key", value);
            assertThat(store.note("a.key")).contains(value);
        }
        store.note("another key", "another");
        assertThat(store.note("a.key")).contains(longest);
        assertThat(store.note("another key")).contains("another");
        assertThat(store.note("A.KEY")).isEmpty();
    }

    @Test
    default void aNoteLeavesTheDeliveryInFlight() throws Exception {
        SampleStore store = storeWith(batch(NOW, LEVEL.sample(1)));
        Delivery delivery = next(store);
        store.note("a.key", "1");
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));

        assertThat(store.status().pendingSamples()).isZero();
        store.resend(DESTINATION, NOW);
        store.shift(NOW, at(1), Duration.ofSeconds(1));
        assertThat(store.note("a.key")).contains("1");
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
                        stored += store.append(batch(NOW.plusMillis(i), FLOW.sample(i, pipe), LEVEL.sample(i)))
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

    private static void assertAbandoned(SampleStore store, Delivery delivery) {
        assertThatThrownBy(() -> store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW)))
                .isInstanceOf(AbandonedDeliveryException.class);
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    static SampleBatch batch(Instant time, Priority priority, Sample... samples) {
        return new SampleBatch(time, "rig-7", new TreeMap<>(), priority, List.of(samples));
    }

    private static Delivery next(SampleStore store) throws Exception {
        return store.next(DeliveryQuery.everything(DESTINATION, 100)).orElseThrow();
    }

    /** Has the server acknowledge everything that is pending. */
    private static void accept(SampleStore store, Instant time) throws Exception {
        Delivery delivery = next(store);
        store.complete(delivery, DeliveryOutcome.accepted(delivery, time));
    }

    private static SampleBatch batch(Instant time, Sample... samples) {
        return batch(time, Priority.NORMAL, samples);
    }

    private static Instant at(int second) {
        return NOW.plusSeconds(second);
    }

    private SampleStore storeWith(SampleBatch batch) throws Exception {
        SampleStore store = emptyStore();
        store.append(batch);
        return store;
    }

    private static DeliveryQuery query(Instant from, Instant until, int maxSamples) {
        return new DeliveryQuery(DESTINATION, from, until, EnumSet.allOf(Priority.class), maxSamples);
    }

    private static SeriesSamples seriesOf(Delivery delivery, String name) {
        return delivery.series().stream()
                .filter(samples -> samples.series().name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static List<Integer> handedOut(SampleStore store, int maxSamples) throws Exception {
        return timesOf(store.next(DeliveryQuery.everything(DESTINATION, maxSamples))
                        .orElseThrow())
                .stream()
                .map(time -> (int) ((time - NOW.toEpochMilli()) / 1000))
                .toList();
    }

    private static List<Long> pendingTimes(SampleStore store) throws Exception {
        Optional<Delivery> delivery = store.next(DeliveryQuery.everything(DESTINATION, Integer.MAX_VALUE));
        return delivery.map(SampleStoreContract::timesOf).orElse(List.of());
    }

    private static List<Double> valuesOf(SampleStore store, Metric metric) throws Exception {
        SeriesSamples samples = seriesOf(next(store), metric.name());
        return IntStream.range(0, samples.size()).mapToObj(samples::value).toList();
    }

    private static List<Long> timesOf(Delivery delivery) {
        List<Long> times = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            List<Long> own = IntStream.range(0, samples.size())
                    .mapToObj(samples::timestamp)
                    .toList();
            assertThat(own).as("times of a series ascend").isSorted().doesNotHaveDuplicates();
            times.addAll(own);
        }
        times.sort(null);
        return times;
    }
}
