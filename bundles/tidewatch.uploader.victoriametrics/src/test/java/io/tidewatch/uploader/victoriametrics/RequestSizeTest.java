package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestSizeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RequestSize size = new RequestSize();
    private long now;

    @Test
    void isTheLargestUntilARequestIsLate() {
        size.arrived(100, Duration.ofSeconds(29), TIMEOUT, now);

        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST);
    }

    @Test
    void getsSmallerDownToALimitThatIsNotMostlyHeaders() {
        size.late(40_000, TIMEOUT, TIMEOUT, now);
        assertThat(size.limit()).as("what arrives within a quarter of the time").isEqualTo(10_000);
        size.late(10_000, Duration.ofSeconds(10), TIMEOUT, now);
        assertThat(size.limit()).as("half at most").isEqualTo(5_000);
        for (int i = 0; i < 10; i++) {
            size.late(size.limit(), TIMEOUT, TIMEOUT, now);
        }
        assertThat(size.limit()).isBetween(100, 500);
    }

    @Test
    void aLateRequestThatIsLargerThanAllowedDoesNotWidenIt() {
        size.late(1000, Duration.ofSeconds(1), TIMEOUT, now);
        size.late(100_000, Duration.ofSeconds(1), TIMEOUT, now);

        assertThat(size.limit()).isEqualTo(256);
    }

    @Test
    void growsAsFarAsTheRateCarriesAndNotToASizeThatWasLate() {
        size.late(100_000, Duration.ofSeconds(10), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(50_000);

        size.arrived(20_000, Duration.ofMillis(7500), TIMEOUT, now);
        assertThat(size.limit()).as("after a slow one").isEqualTo(50_000);
        size.arrived(1000, Duration.ofMillis(100), TIMEOUT, now);
        assertThat(size.limit()).as("after a small one that was quick").isEqualTo(75_000);
        size.arrived(75_000, Duration.ofMillis(10), TIMEOUT, now);
        assertThat(size.limit()).as("what was late stays out of reach").isEqualTo(75_000);

        now += Duration.ofMinutes(10).toNanos();
        size.arrived(75_000, Duration.ofMillis(10), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(150_000);
        size.arrived(150_000, Duration.ofMillis(10), TIMEOUT, now);
        assertThat(size.limit()).isEqualTo(RequestSize.LARGEST);
    }

    /** A link of so many bytes per second, where a request that takes longer than the window is late. */
    @ParameterizedTest
    @CsvSource({"2000, 30", "300, 30", "150, 30", "2000, 10", "300, 10", "150, 10"})
    void aSlowLinkSpendsLittleOnRequestsThatAreLate(int rate, int windowSeconds) {
        double wasted = 0;
        double arrived = 0;
        while (arrived < 100_000) {
            int bytes = Math.min(size.limit(), 40_000);
            double seconds = (double) bytes / rate;
            if (seconds > windowSeconds) {
                wasted += (double) rate * windowSeconds;
                size.late(bytes, Duration.ofSeconds(windowSeconds), TIMEOUT, now);
                now += Duration.ofSeconds(windowSeconds).toNanos();
            } else {
                arrived += bytes;
                Duration took = Duration.ofMillis((long) (seconds * 1000));
                size.arrived(bytes, took, TIMEOUT, now);
                now += took.toNanos();
            }
        }

        assertThat((wasted + arrived) / arrived).isLessThan(1.3);
    }
}
