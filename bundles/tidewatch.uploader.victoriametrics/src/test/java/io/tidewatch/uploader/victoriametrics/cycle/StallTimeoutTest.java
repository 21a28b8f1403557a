package io.tidewatch.uploader.victoriametrics.cycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StallTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final StallTimeout stallTimeout = new StallTimeout();

    @Test
    void isAThirdOfTheTimeoutForASmallRequestUntilTheLinkIsKnown() {
        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(Duration.ofSeconds(10));
        assertThat(stallTimeout.of(5000, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);
        answered(3, 1000, 200);
        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(Duration.ofSeconds(10));

        answered(1, 1000, 200);
        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(StallTimeout.SHORTEST);
    }

    @Test
    void anUnknownLinkThatIsTooSlowForThatGetsTheWholeTime() {
        stallTimeout.unanswered(true);
        stallTimeout.unanswered(true);
        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);

        answered(4, 1000, 12_000);
        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);
    }

    @Test
    void isNeverLongerThanTheTimeout() {
        assertThat(stallTimeout.of(1000, Duration.ofSeconds(2), Duration.ofSeconds(2)))
                .isEqualTo(Duration.ofSeconds(2));
        answered(4, 1000, 9000);

        assertThat(stallTimeout.of(1000, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);
    }

    @Test
    void isFiveTimesTheUsualDelayWhateverOneAnswerTook() {
        answered(1, 300, 0);
        answered(13, 300, 1200);
        answered(2, 300, 9000);

        assertThat(stallTimeout.of(300, TIMEOUT, TIMEOUT)).isBetween(Duration.ofMillis(5900), Duration.ofMillis(6100));
    }

    @Test
    void growsWithTheSizeOfARequestByTheHighestRateThatWasSeen() {
        answered(4, 10_000, 1000);

        assertThat(stallTimeout.of(30_000, TIMEOUT, TIMEOUT)).isEqualTo(Duration.ofSeconds(15));
        answered(1, 100_000, 1000);
        assertThat(stallTimeout.of(30_000, TIMEOUT, TIMEOUT)).isEqualTo(StallTimeout.SHORTEST);
        assertThat(stallTimeout.of(300_000, TIMEOUT, TIMEOUT)).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void growsAfterALargeRequestThatStalledAndNotAfterASmallOne() {
        answered(4, 10_000, 100);
        answered(4, 100, 200);
        Duration before = stallTimeout.of(100_000, TIMEOUT, TIMEOUT);
        stallTimeout.stalled(100);
        assertThat(stallTimeout.of(100_000, TIMEOUT, TIMEOUT)).isEqualTo(before);

        stallTimeout.stalled(100_000);
        assertThat(stallTimeout.of(100_000, TIMEOUT, TIMEOUT)).isGreaterThan(before.plusSeconds(4));
    }

    @Test
    void theLastRequestOfAnAttemptGetsTwoFifthsOfTheTimeout() {
        answered(4, 100, 100);
        List<Duration> requests = new ArrayList<>();
        for (Duration left = TIMEOUT; !left.isZero(); ) {
            Duration next = stallTimeout.of(100, left, TIMEOUT);
            requests.add(next);
            left = left.minus(next);
        }

        assertThat(requests.stream().map(Duration::toSeconds)).containsExactly(3L, 3L, 3L, 3L, 3L, 3L, 12L);
    }

    @Test
    void afterTwoAttemptsWithAConnectionAndNoAnswerItIsTheWholeTimeUntilAnswersAreQuick() {
        answered(16, 100, 100);
        stallTimeout.unanswered(true);
        stallTimeout.unanswered(false);
        stallTimeout.unanswered(true);
        assertThat(stallTimeout.of(100, TIMEOUT, TIMEOUT)).as("no connection").isEqualTo(StallTimeout.SHORTEST);

        stallTimeout.unanswered(true);
        for (int i = 0; i < 4; i++) {
            assertThat(stallTimeout.of(100, TIMEOUT, TIMEOUT)).isEqualTo(TIMEOUT);
            answered(1, 100, 20_000);
        }
        assertThat(stallTimeout.of(100, TIMEOUT, TIMEOUT))
                .as("the link is known to be slow")
                .isEqualTo(TIMEOUT);

        answered(16, 100, 100);
        assertThat(stallTimeout.of(100, TIMEOUT, TIMEOUT)).isEqualTo(StallTimeout.SHORTEST);
    }

    private void answered(int times, int bytes, int millis) {
        for (int i = 0; i < times; i++) {
            stallTimeout.answered(bytes, Duration.ofMillis(millis));
        }
    }
}
