package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCheckTest {
    private final LogCheck check = new LogCheck(() -> 130_000_000_000L);

    @AfterEach
    void clear() {
        System.clearProperty("tidewatch.log.dropped");
        System.clearProperty("tidewatch.log.stuck");
    }

    @Test
    void anOutputThatIsNotReadIsShownUntilItIs() {
        assertThat(check.check().status()).isEqualTo(Status.OK);
        System.setProperty("tidewatch.log.stuck", "100");
        System.setProperty("tidewatch.log.dropped", "7");
        assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(check.check().message())
                .contains("standard output has taken nothing for 30 s", "7 log entries were dropped");

        System.clearProperty("tidewatch.log.stuck");
        assertThat(check.check().status()).isEqualTo(Status.OK);
        assertThat(check.check().details()).containsEntry("dropped_total", 7L);
    }
}
