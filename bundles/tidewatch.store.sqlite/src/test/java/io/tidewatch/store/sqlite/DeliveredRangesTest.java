package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DeliveredRangesTest {
    private static final int LIMIT = 40;

    @Test
    void touchingRangesBecomeOne() {
        DeliveredRanges ranges = DeliveredRanges.NONE.plus(10, 19).plus(30, 39).plus(20, 29);

        assertThat(ranges).hasToString("[10-39]");
    }

    @Test
    void aRangeSwallowsThoseInIt() {
        assertThat(DeliveredRanges.NONE.plus(10, 11).plus(20, 21).plus(40, 41).plus(5, 30))
                .hasToString("[5-30, 40-41]");
    }

    @Test
    void whatIsHeldAlreadyChangesNothing() {
        DeliveredRanges ranges = DeliveredRanges.NONE.plus(10, 20);

        assertThat(ranges.plus(12, 15)).isSameAs(ranges);
    }

    @Test
    void refusesWhatIsNoRange() {
        assertThatThrownBy(() -> DeliveredRanges.NONE.plus(5, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DeliveredRanges.NONE.plus(-1, 4)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void isTheSetOfItsMilliseconds(
            @ForAll("ranges") List<List<Integer>> one, @ForAll("ranges") List<List<Integer>> two) {
        DeliveredRanges ranges = rangesOf(one);
        BitSet set = setOf(one);
        assertSame(ranges, set);

        set.and(setOf(two));
        assertSame(ranges.and(rangesOf(two)), set);
    }

    @Provide
    Arbitrary<List<List<Integer>>> ranges() {
        return Arbitraries.integers()
                .between(0, LIMIT - 1)
                .list()
                .ofSize(2)
                .map(ends -> List.of(Math.min(ends.get(0), ends.get(1)), Math.max(ends.get(0), ends.get(1))))
                .list()
                .ofMaxSize(8);
    }

    private static void assertSame(DeliveredRanges ranges, BitSet set) {
        for (int i = 0; i < ranges.size(); i++) {
            assertThat(ranges.from(i)).isLessThanOrEqualTo(ranges.to(i));
            assertThat(i == 0 || ranges.to(i - 1) + 1 < ranges.from(i)).isTrue();
        }
        for (int time = 0; time < LIMIT; time++) {
            assertThat(ranges.contains(time)).isEqualTo(set.get(time));
            int inside = set.nextSetBit(time);
            assertThat(ranges.firstInside(time)).isEqualTo(inside < 0 ? Long.MAX_VALUE : inside);
        }
    }

    private static DeliveredRanges rangesOf(List<List<Integer>> all) {
        DeliveredRanges ranges = DeliveredRanges.NONE;
        for (List<Integer> range : all) {
            ranges = ranges.plus(range.get(0), range.get(1));
        }
        return ranges;
    }

    private static BitSet setOf(List<List<Integer>> all) {
        BitSet set = new BitSet();
        all.forEach(range -> set.set(range.get(0), range.get(1) + 1));
        return set;
    }
}
