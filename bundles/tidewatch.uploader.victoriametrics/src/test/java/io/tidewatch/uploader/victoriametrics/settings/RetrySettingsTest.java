package io.tidewatch.uploader.victoriametrics.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetrySettingsTest {
    private static final RetrySettings EXACT =
            new RetrySettings(3, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, 0);

    @Test
    void growsThreefoldUpToAMinute() {
        Random random = new Random(1);
        assertThat(IntStream.of(1, 2, 3, 4, 5, 100)
                        .mapToObj(attempt -> EXACT.backoff(attempt, Optional.empty(), random)))
                .isEqualTo(List.of(seconds(5), seconds(15), seconds(45), seconds(60), seconds(60), seconds(60)));
    }

    @Test
    void jitterGoesBothWaysAndNotFurther() {
        Random random = new Random(1);
        List<Duration> waits = IntStream.range(0, 2000)
                .mapToObj(i -> UploaderSettings.DEFAULT.retry().backoff(1, Optional.empty(), random))
                .toList();

        assertThat(waits).allMatch(wait -> wait.toMillis() >= 4000 && wait.toMillis() <= 6000);
        assertThat(waits).anyMatch(wait -> wait.toMillis() < 4100).anyMatch(wait -> wait.toMillis() > 5900);
        RandomGenerator lowest = () -> 0;
        assertThat(RetrySettings.jittered(seconds(10), 10, lowest)).isEqualTo(seconds(9));
    }

    @Test
    void theServersWishCountsWhenItIsLonger() {
        Random random = new Random(1);
        assertThat(EXACT.backoff(1, Optional.of(seconds(20)), random)).isEqualTo(seconds(20));
        assertThat(EXACT.backoff(2, Optional.of(seconds(1)), random)).isEqualTo(seconds(15));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
