package io.tidewatch.uploader.victoriametrics.timing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.settings.RetrySettings;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final RetrySettings EXACT =
            new RetrySettings(3, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, 0);

    @Test
    void growsThreefoldUpToAMinute() {
        Random random = new Random(1);
        assertThat(IntStream.of(1, 2, 3, 4, 5, 100)
                        .mapToObj(attempt -> Backoff.after(attempt, Optional.empty(), EXACT, random)))
                .isEqualTo(List.of(seconds(5), seconds(15), seconds(45), seconds(60), seconds(60), seconds(60)));
    }

    @Test
    void jitterGoesBothWaysAndNotFurther() {
        Random random = new Random(1);
        List<Duration> waits = IntStream.range(0, 2000)
                .mapToObj(i -> Backoff.after(1, Optional.empty(), UploaderSettings.DEFAULT.retry(), random))
                .toList();

        assertThat(waits).allMatch(wait -> wait.toMillis() >= 4000 && wait.toMillis() <= 6000);
        assertThat(waits).anyMatch(wait -> wait.toMillis() < 4100).anyMatch(wait -> wait.toMillis() > 5900);
        RandomGenerator lowest = () -> 0;
        assertThat(Backoff.jittered(seconds(10), 10, lowest)).isEqualTo(seconds(9));
    }

    @Test
    void theServersWishCountsWhenItIsLonger() {
        Random random = new Random(1);
        assertThat(Backoff.after(1, Optional.of(seconds(20)), EXACT, random)).isEqualTo(seconds(20));
        assertThat(Backoff.after(2, Optional.of(seconds(1)), EXACT, random)).isEqualTo(seconds(15));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
