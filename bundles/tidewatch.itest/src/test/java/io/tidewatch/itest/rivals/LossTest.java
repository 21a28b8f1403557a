package io.tidewatch.itest.rivals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LossTest {
    private static final long FROM = 100_500;
    private static final long TO = 160_500;

    @Test
    void nothingIsLostOfASeriesWithoutGaps() {
        assertThat(Loss.over(List.of(every(10_000, 0, 200_000)), FROM, TO)).isEqualTo(new Loss(1, 6, 0));
    }

    @Test
    void countsWhatIsMissingBetweenTheLastBeforeAndTheFirstAfter() {
        SortedSet<Long> gone = every(10_000, 0, 200_000);
        gone.removeIf(time -> time > FROM && time < TO);
        SortedSet<Long> half = every(10_000, 0, 200_000);
        half.removeIf(time -> time >= 130_000 && time <= 150_000);
        assertThat(Loss.over(List.of(gone, half), FROM, TO)).isEqualTo(new Loss(2, 12, 9));
    }

    @Test
    void countsWhatWasUnderWayWhenTheServerWent() {
        SortedSet<Long> history = every(10_000, 0, 200_000);
        history.removeIf(time -> time >= 90_000 && time <= 110_000);
        assertThat(Loss.over(List.of(history), FROM, TO)).isEqualTo(new Loss(1, 8, 3));
    }

    @Test
    void eachSeriesHasItsOwnIntervalAndMayBeALittleLate() {
        SortedSet<Long> slow = every(30_000, 0, 200_000);
        slow.remove(120_000L);
        SortedSet<Long> trembling = new TreeSet<>();
        for (long time : every(10_000, 0, 200_000)) {
            trembling.add(time + time / 10_000 % 3 * 900);
        }
        // 19.1 s from its neighbour before to the one after.
        trembling.remove(120_000L);
        assertThat(Loss.over(List.of(slow, trembling), FROM, TO)).isEqualTo(new Loss(2, 2 + 6, 2));
    }

    @Test
    void judgesNoSeriesThatBeganOrEndedInBetween() {
        SortedSet<Long> ended = every(10_000, 0, 120_000);
        SortedSet<Long> began = every(10_000, 90_000, 200_000);
        assertThat(Loss.over(List.of(ended, began, new TreeSet<>()), FROM, TO)).isEqualTo(new Loss(0, 0, 0));
    }

    @Test
    void theMedianIsInTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static SortedSet<Long> every(long interval, long from, long to) {
        return new TreeSet<>(LongStream.rangeClosed(from / interval, to / interval)
                .map(step -> step * interval)
                .boxed()
                .toList());
    }
}
