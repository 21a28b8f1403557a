package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff.Settings WITHOUT_JITTER =
            new Backoff.Settings(3, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, 0);

    private final Backoff backoff = new Backoff(new Random(1));

    @ParameterizedTest
    @CsvSource({"1,PT5S", "2,PT15S", "3,PT45S", "4,PT60S", "5,PT60S", "1000,PT60S"})
    void growsUpToTheLimit(int failures, Duration expected) {
        assertThat(backoff.after(failures, WITHOUT_JITTER, Optional.empty())).isEqualTo(expected);
    }

    @Test
    void isScatteredToBothSidesAndNoFurther() {
        Backoff.Settings settings = new Backoff.Settings(3, Duration.ofSeconds(10), Duration.ofSeconds(60), 3, 20);
        boolean shorter = false;
        boolean longer = false;
        for (int i = 0; i < 1000; i++) {
            Duration wait = backoff.after(1, settings, Optional.empty());
            assertThat(wait).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
            shorter |= wait.compareTo(Duration.ofSeconds(9)) < 0;
            longer |= wait.compareTo(Duration.ofSeconds(11)) > 0;
        }
        assertThat(shorter && longer).isTrue();
    }

    @Test
    void honoursAServerThatAsksForMoreUpToAnHour() {
        assertThat(backoff.after(1, WITHOUT_JITTER, Optional.of(Duration.ofSeconds(30))))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(backoff.after(1, WITHOUT_JITTER, Optional.of(Duration.ofSeconds(3))))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(backoff.after(1, WITHOUT_JITTER, Optional.of(Duration.ofDays(3))))
                .isEqualTo(Duration.ofHours(1));
    }
}
