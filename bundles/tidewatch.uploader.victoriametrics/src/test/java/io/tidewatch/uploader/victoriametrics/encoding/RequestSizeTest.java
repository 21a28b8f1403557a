package io.tidewatch.uploader.victoriametrics.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.cycle.StallTimeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestSizeTest {
    private static final int HEAD = 300;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RequestSize size = new RequestSize();
    private long now;

    @Test
    void growsFromASmallFirstRequestOnAFastLink() {
        List<Integer> limits = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            limits.add(size.limit());
            size.arrived(size.limit(), HEAD, Duration.ofMillis(100), TIMEOUT, now);
        }

        assertThat(limits).containsExactly(1 << 10, 4 << 10, 16 << 10, 64 << 10, RequestSize.LARGEST);
        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST);
    }

    @Test
    void aSmallRequestThatTookLongHalvesItAtMost() {
        grow();
        size.arrived(100, HEAD, Duration.ofSeconds(14), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST);

        size.arrived(100, HEAD, Duration.ofSeconds(29), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST / 2);
    }

    @Test
    void getsSmallerDownToALimitThatIsNotMostlyHeaders() {
        grow();
        size.late(60_000, TIMEOUT, false, TIMEOUT, now);
        assertThat(size.limit()).as("what arrives within 8 seconds").isEqualTo(16_000);
        size.late(16_000, Duration.ofSeconds(10), false, TIMEOUT, now);
        assertThat(size.limit()).as("half at most").isEqualTo(8_000);
        size.late(8_000, TIMEOUT, false, TIMEOUT, now);
        assertThat(size.limit())
                .as("what arrives within 20 seconds, as far as headers weigh")
                .isEqualTo(4_000);
        for (int i = 0; i < 10; i++) {
            size.late(size.limit(), TIMEOUT, false, TIMEOUT, now);
        }
        assertThat(size.limit()).isBetween(100, 500);
    }

    @Test
    void aServerThatGivesUpEarlierGetsNoMoreThanItWaitsFor() {
        grow();
        size.late(100_000, Duration.ofSeconds(10), true, TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(50_000);

        size.arrived(50_000, HEAD, Duration.ofSeconds(9), TIMEOUT, now);
        assertThat(size.limit()).as("what arrives in eight seconds").isBetween(44_000, 46_000);
    }

    @Test
    void howLongTheServerWaitsIsRememberedForAnHour() {
        size.late(1600, Duration.ofSeconds(10), true, TIMEOUT, now);
        size.arrived(700, HEAD, Duration.ofSeconds(6), TIMEOUT, now);
        assertThat(size.limit()).as("what arrives in nine seconds").isEqualTo(1440);

        now += Duration.ofMinutes(59).toNanos();
        size.arrived(1200, HEAD, Duration.ofSeconds(9), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(1500);
        now += Duration.ofMinutes(1).toNanos();
        size.arrived(1200, HEAD, Duration.ofSeconds(9), TIMEOUT, now);
        assertThat(size.limit()).as("in twenty").isEqualTo(3333);
    }

    @Test
    void aRefusalAtOnceSaysNothingOfTheTime() {
        grow();
        size.late(100_000, Duration.ofMillis(50), true, TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(50_000);

        size.arrived(20_000, HEAD, Duration.ofSeconds(2), TIMEOUT, now);
        assertThat(size.limit()).as("it could be larger").isEqualTo(75_000);
    }

    @Test
    void aLateRequestThatIsLargerThanAllowedDoesNotWidenIt() {
        size.late(400, Duration.ofSeconds(1), false, TIMEOUT, now);
        size.late(100_000, Duration.ofSeconds(1), false, TIMEOUT, now);

        assertThat(size.limit()).isEqualTo(256);
    }

    @Test
    void growsAsFarAsTheRateCarriesAndNotToASizeThatWasLate() {
        grow();
        size.late(100_000, Duration.ofSeconds(10), false, TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(50_000);

        size.arrived(20_000, HEAD, Duration.ofSeconds(15), TIMEOUT, now);
        assertThat(size.limit()).as("after a slow one").isEqualTo(50_000);
        size.arrived(1000, HEAD, Duration.ofMillis(100), TIMEOUT, now);
        assertThat(size.limit()).as("after a small one that was quick").isEqualTo(75_000);
        size.arrived(75_000, HEAD, Duration.ofMillis(10), TIMEOUT, now);
        assertThat(size.limit()).as("what was late stays out of reach").isEqualTo(75_000);

        now += Duration.ofMinutes(10).toNanos();
        size.arrived(75_000, HEAD, Duration.ofMillis(10), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST);
    }

    /** A link of so many bytes per second, and a server that waits for so many seconds for a body. */
    @ParameterizedTest
    @CsvSource({"2000, 30", "300, 30", "150, 30", "90, 30", "2000, 10", "300, 10", "150, 10", "90, 10"})
    void aSlowLinkSpendsLittleOnRequestsThatAreLate(int rate, int windowSeconds) {
        StallTimeout stallTimeout = new StallTimeout();
        Duration left = TIMEOUT;
        double wasted = 0;
        double arrived = 0;
        while (arrived < 20_000) {
            int bytes = size.limit();
            double head = (double) HEAD / rate;
            double seconds = head + (double) bytes / rate;
            Duration allowed = stallTimeout.of(bytes, left, TIMEOUT);
            double took = Math.min(seconds, Math.min(head + windowSeconds, allowed.toMillis() / 1e3));
            now += (long) (took * 1e9);
            if (took == seconds) {
                arrived += HEAD + bytes;
                size.arrived(bytes, HEAD, millis(took), TIMEOUT, now);
                stallTimeout.answered(bytes, millis(took));
                left = TIMEOUT;
                continue;
            }
            wasted += rate * took;
            boolean answered = took < allowed.toMillis() / 1e3;
            if (answered) {
                stallTimeout.answered(bytes, millis(took));
            } else if (allowed.equals(left)) {
                stallTimeout.unanswered(true);
            }
            if (answered || allowed.equals(left)) {
                size.late(bytes, millis(took), answered, TIMEOUT, now);
                left = TIMEOUT;
            } else {
                stallTimeout.stalled(bytes);
                left = left.minus(allowed);
            }
        }

        assertThat((wasted + arrived) / arrived).isLessThan(1.3);
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private void grow() {
        for (int i = 0; i < 5; i++) {
            size.arrived(size.limit(), HEAD, Duration.ofMillis(10), TIMEOUT, now);
        }
    }
}
