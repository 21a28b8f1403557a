package io.tidewatch.uploader.victoriametrics.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.uploader.victoriametrics.Rig;
import io.tidewatch.uploader.victoriametrics.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LinesTest {
    private static final Optional<WireLimits> STRICT = Optional.of(WireLimits.STRICTEST);

    private static final long T = Rig.NOW.toEpochMilli();

    @Test
    void rejectsWhatTheServerWouldSpoilInSilence() {
        SeriesSamples bad = Samples.recent(Samples.series("a", Map.of("a-b", "x", "a.b", "y")), 1, 2);
        SeriesSamples good = Samples.recent(Samples.series("good", Map.of()), 3);

        Lines lines = Lines.of(Samples.delivery(bad, good), 100, STRICT);

        assertThat(lines.rejected()).containsExactly(new Rejection(bad.all(), "label_name_twice"));
        assertThat(lines.slices()).containsExactly(good.all());
    }

    @Test
    void cutsAroundSamplesThatCannotBeSent() {
        SeriesSamples samples = new SeriesSamples(
                Samples.series("a", Map.of()),
                new long[] {-1, 0, T + 1, T + 2, T + 3, T + 4},
                new double[] {1, 1, 1, Double.NaN, 1, Double.POSITIVE_INFINITY});

        Lines lines = Lines.of(Samples.delivery(samples), 100, STRICT);

        assertThat(lines.slices()).containsExactly(new Slice(samples, 2, 3), new Slice(samples, 4, 5));
        assertThat(lines.rejected())
                .containsExactly(
                        new Rejection(new Slice(samples, 0, 1), "timestamp_not_positive"),
                        new Rejection(new Slice(samples, 1, 2), "timestamp_not_positive"),
                        new Rejection(new Slice(samples, 3, 4), "not_finite"),
                        new Rejection(new Slice(samples, 5, 6), "not_finite"));
    }

    @Test
    void timesOfAClockThatWasNeverSetAreNotSent() {
        long limit = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
        SeriesSamples samples = new SeriesSamples(
                Samples.series("a", Map.of()), new long[] {60_000, limit - 1, limit, T}, new double[] {1, 2, 3, 4});

        Lines lines = Lines.of(Samples.delivery(samples), 100, STRICT);

        assertThat(lines.slices()).containsExactly(new Slice(samples, 2, 4));
        assertThat(lines.rejected())
                .containsExactly(
                        new Rejection(new Slice(samples, 0, 1), "clock_never_set"),
                        new Rejection(new Slice(samples, 1, 2), "clock_never_set"));
    }

    @Test
    void anEmptyTagIsRejectedOnlyWhereItMakesTwoSeriesOne() {
        SeriesSamples empty = Samples.recent(Samples.series("a", Map.of("t", "", "u", "1")), 1);
        SeriesSamples without = Samples.recent(Samples.series("a", Map.of("u", "1")), 2);
        SeriesSamples other = Samples.recent(Samples.series("a", Map.of("u", "2")), 3);

        assertThat(Lines.of(Samples.delivery(empty, other), 100, STRICT).rejected())
                .isEmpty();
        assertThat(Lines.of(Samples.delivery(empty, without, other), 100, STRICT))
                .isEqualTo(new Lines(
                        List.of(without.all(), other.all()),
                        List.of(new Rejection(empty.all(), "label_value_empty")),
                        0));
    }

    @Test
    void aSeriesOverTheStrictestLimitsWaitsUntilThoseOfTheServerAreKnown() {
        SeriesSamples large = Samples.recent(Samples.series("a", Map.of("t", "x".repeat(5000))), 1, 2);
        TreeMap<String, String> many = new TreeMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("t" + i, "x");
        }
        SeriesSamples labels = Samples.recent(Samples.series("b", many), 3);
        SeriesSamples plain = Samples.recent(Samples.series("c", Map.of()), 4);
        Delivery delivery = Samples.delivery(large, labels, plain);

        assertThat(Lines.of(delivery, 100, Optional.empty())).isEqualTo(new Lines(List.of(plain.all()), List.of(), 3));
        assertThat(Lines.of(delivery, 100, Optional.of(new WireLimits(40, 4096))))
                .isEqualTo(new Lines(
                        List.of(labels.all(), plain.all()),
                        List.of(new Rejection(large.all(), "label_value_too_long")),
                        0));
        assertThat(Lines.of(delivery, 100, Optional.of(new WireLimits(30, 16_384))))
                .isEqualTo(new Lines(
                        List.of(large.all(), plain.all()), List.of(new Rejection(labels.all(), "too_many_labels")), 0));
    }

    @Test
    void everySampleIsInOneLineOrRejectedOnce() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int lineValues = 1 + random.nextInt(10);
            List<SeriesSamples> all = new ArrayList<>();
            for (int series = random.nextInt(5); series >= 0; series--) {
                double[] values = random.doubles(1 + random.nextInt(40))
                        .map(value -> value < 0.2 ? Double.NaN : value)
                        .toArray();
                all.add(Samples.recent(Samples.series("m" + series, Map.of()), values));
            }
            Delivery delivery = Samples.delivery(all.toArray(SeriesSamples[]::new));

            Lines lines = Lines.of(delivery, lineValues, STRICT);

            List<Slice> both = new ArrayList<>(lines.slices());
            lines.rejected().forEach(rejection -> both.add(rejection.slice()));
            assertThat(both.stream().flatMap(LinesTest::indexes))
                    .as("seed %s", seed)
                    .doesNotHaveDuplicates()
                    .hasSize(delivery.size());
            assertThat(lines.slices()).allMatch(slice -> slice.size() >= 1 && slice.size() <= lineValues);
        }
    }

    private static Stream<Slice> indexes(Slice slice) {
        return IntStream.range(slice.from(), slice.to()).mapToObj(i -> new Slice(slice.samples(), i, i + 1));
    }
}
