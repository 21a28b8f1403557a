package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PatienceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Patience patience = new Patience();

    @Test
    void isAThirdOfTheTimeoutForASmallRequestUntilTheLinkIsKnown() {
        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
        assertThat(patience.of(5000, TIMEOUT)).isEqualTo(TIMEOUT);
        answered(3, 1000, 200);
        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(Duration.ofSeconds(10));

        answered(1, 1000, 200);
        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(Patience.SHORTEST);
    }

    @Test
    void anUnknownLinkIsGivenTheWholeTimeAfterOneTry() {
        patience.stalled(1000);
        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(TIMEOUT);

        answered(1, 1000, 12_000);
        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void isNeverLongerThanTheTimeout() {
        assertThat(patience.of(1000, Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
        answered(4, 1000, 9000);

        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(TIMEOUT);
    }

    @Test
    void isFiveTimesTheUsualDelayWhateverOneAnswerTook() {
        answered(1, 300, 0);
        answered(13, 300, 1200);
        answered(2, 300, 9000);

        assertThat(patience.of(300, TIMEOUT)).isBetween(Duration.ofMillis(5900), Duration.ofMillis(6100));
    }

    @Test
    void growsWithTheSizeOfARequestByTheHighestRateThatWasSeen() {
        answered(4, 10_000, 1000);

        assertThat(patience.of(40_000, TIMEOUT)).isEqualTo(Duration.ofSeconds(20));
        answered(1, 100_000, 1000);
        assertThat(patience.of(40_000, TIMEOUT)).isEqualTo(Patience.SHORTEST);
        assertThat(patience.of(400_000, TIMEOUT)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void growsAfterALargeRequestThatStalledAndNotAfterASmallOne() {
        answered(4, 10_000, 100);
        answered(4, 100, 200);
        Duration before = patience.of(100_000, TIMEOUT);
        patience.stalled(100);
        assertThat(patience.of(100_000, TIMEOUT)).isEqualTo(before);

        patience.stalled(100_000);
        assertThat(patience.of(100_000, TIMEOUT)).isGreaterThan(before.plusSeconds(4));
    }

    @Test
    void isForgottenWithTheServerThatWasQuick() {
        answered(20, 1000, 100);
        patience.forget();
        answered(4, 100, 5000);

        assertThat(patience.of(1000, TIMEOUT)).isEqualTo(TIMEOUT);
    }

    private void answered(int times, int bytes, int millis) {
        for (int i = 0; i < times; i++) {
            patience.answered(bytes, Duration.ofMillis(millis));
        }
    }
}
