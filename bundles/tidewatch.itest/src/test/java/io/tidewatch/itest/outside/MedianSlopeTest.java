package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MedianSlopeTest {
    @Test
    void isThatOfALine() {
        MedianSlope line = new MedianSlope();
        for (int x = 0; x < 5000; x++) {
            line.add(x, 3 - 0.25 * x);
        }
        assertThat(line.slope()).isEqualTo(-0.25, within(1e-9));
    }

    @Test
    void isNotMovedByAFewWildPoints() {
        MedianSlope line = new MedianSlope();
        for (int x = 0; x < 100; x++) {
            line.add(x, x % 10 == 9 ? 1e6 : 2.0 * x);
        }
        assertThat(line.slope()).isEqualTo(2, within(0.01));
    }

    @Test
    void isZeroWhereThereIsNoLine() {
        MedianSlope none = new MedianSlope();
        assertThat(none.slope()).isZero();
        none.add(1, 1);
        none.add(1, 7);
        assertThat(none.slope()).isZero();
    }
}
