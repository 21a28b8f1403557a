package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RequestSizeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final RequestSize size = new RequestSize();

    @Test
    void isAsConfiguredUntilARequestIsLate() {
        size.arrived(100, Duration.ofSeconds(29), TIMEOUT);

        assertThat(size.lines(100)).isEqualTo(100);
        assertThat(size.lines(1000)).isEqualTo(1000);
    }

    @Test
    void halvesWhatWasLateDownToALine() {
        size.late(100);
        assertThat(size.lines(100)).isEqualTo(50);
        size.late(50);
        assertThat(size.lines(100)).isEqualTo(25);
        for (int i = 0; i < 10; i++) {
            size.late(size.lines(100));
        }
        assertThat(size.lines(100)).isEqualTo(1);
    }

    @Test
    void oneWithMoreLinesThanAllowedDoesNotWidenIt() {
        size.late(10);
        size.late(100);

        assertThat(size.lines(100)).isEqualTo(2);
    }

    @Test
    void growsOnlyBehindWhatShowsThatTwiceAsMuchWouldDo() {
        size.late(100);

        size.arrived(50, Duration.ofMillis(7500), TIMEOUT);
        assertThat(size.lines(100)).as("behind a slow one").isEqualTo(50);
        size.arrived(49, Duration.ofSeconds(1), TIMEOUT);
        assertThat(size.lines(100)).as("behind a small one").isEqualTo(50);
        size.arrived(50, Duration.ofMillis(7499), TIMEOUT);
        assertThat(size.lines(100)).as("behind a quick one").isEqualTo(100);
    }

    @Test
    void growsToTheLargestThatCanBeConfigured() {
        size.late(800);
        for (int i = 0; i < 40; i++) {
            size.arrived(size.lines(1000), Duration.ofMillis(10), TIMEOUT);
        }

        assertThat(size.lines(1000)).isEqualTo(1000);
    }
}
