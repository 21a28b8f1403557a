package io.tidewatch.page.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.page.query.RangeQuery.Aggregate;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeriesValuesTest {
    private static final List<Aggregate> AGGREGATES = List.of(Aggregate.values());

    /** Every value is that of its definition, whatever samples, range and lookback. */
    @Test
    void valuesAreThoseOfTheirDefinition() throws BadQueryException {
        Random random = new Random(23);
        for (int round = 0; round < 3_000; round++) {
            long step = 1L + random.nextInt(30);
            Range range = Range.of(100, 100L + random.nextInt(200), step);
            Aggregate aggregate = AGGREGATES.get(round % AGGREGATES.size());
            long window = aggregate == Aggregate.LAST ? 1L + random.nextInt(60) : step;
            NavigableMap<Long, Double> samples = new TreeMap<>();
            SeriesValues values = new SeriesValues(new TreeMap<>(), range, aggregate, window);
            long time = random.nextInt(120);
            while (time < 330) {
                double value = random.nextInt(1000) / 8.0;
                samples.put(time, value);
                values.add(time, value);
                time += 1 + random.nextInt(40);
            }
            boolean empty = true;
            for (int i = 0; i < range.points(); i++) {
                double expected = expected(samples, range.time(i), window, aggregate);
                empty &= Double.isNaN(expected);
                assertThat(values.value(i))
                        .as("%s of %s at %d in %s, window %d", aggregate, samples, range.time(i), range, window)
                        .isEqualTo(Double.valueOf(expected));
            }
            assertThat(values.isEmpty()).isEqualTo(empty);
        }
    }

    private static double expected(NavigableMap<Long, Double> samples, long time, long window, Aggregate aggregate) {
        double[] within = samples.subMap(time - window, false, time, true).values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (within.length == 0) {
            return Double.NaN;
        }
        double result = within[within.length - 1];
        double sum = 0;
        for (double value : within) {
            sum += value;
            result = switch (aggregate) {
                case LAST -> result;
                case MIN -> Math.min(result, value);
                case MAX -> Math.max(result, value);
                case AVG -> sum / within.length;
            };
        }
        return result;
    }

    @Test
    void samplesInAnotherOrderGiveTheSame() throws BadQueryException {
        Range range = Range.of(0, 20, 10);
        SeriesValues values = new SeriesValues(new TreeMap<>(), range, Aggregate.LAST, 10);
        values.add(20, 3);
        values.add(15, 2);
        values.add(5, 1);
        assertThat(new double[] {values.value(0), values.value(1), values.value(2)})
                .containsExactly(Double.NaN, 1, 3);
    }

    @Test
    void rangesAreBounded() throws BadQueryException {
        assertThat(Range.of(0, 10_999, 1).points()).isEqualTo(11_000);
        assertThat(Range.of(5, 5, 1000).points()).isOne();
        assertThatThrownBy(() -> Range.of(0, 11_000, 1))
                .hasMessageContaining(String.format(Locale.ROOT, "more than %d points", Range.MOST_POINTS));
        assertThatThrownBy(() -> Range.of(1, 0, 1)).hasMessageContaining("end is before start");
        assertThatThrownBy(() -> Range.of(0, 0, 0)).hasMessageContaining("step is zero");
    }
}
