package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

        for (List<Integer> range : two) {
            ranges = ranges.minus(range.get(0), range.get(1));
        }
        set.andNot(setOf(two));
        assertSame(ranges, set);
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
        long before = -2;
        for (Map.Entry<Long, Long> range : ranges.lastByFirst().entrySet()) {
            assertThat(range.getKey()).isLessThanOrEqualTo(range.getValue());
            assertThat(range.getKey()).isGreaterThan(before + 1);
            before = range.getValue();
        }
        assertThat(ranges).isEqualTo(rangesOfBits(set));
        for (int time = 0; time < LIMIT; time++) {
            assertThat(ranges.contains(time)).isEqualTo(set.get(time));
        }
    }

    private static DeliveredRanges rangesOfBits(BitSet set) {
        TreeMap<Long, Long> ranges = new TreeMap<>();
        for (int first = set.nextSetBit(0); first >= 0; first = set.nextSetBit(set.nextClearBit(first))) {
            ranges.put((long) first, set.nextClearBit(first) - 1L);
        }
        return new DeliveredRanges(ranges);
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
