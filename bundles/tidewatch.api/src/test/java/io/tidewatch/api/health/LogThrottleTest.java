package io.tidewatch.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
    private enum State {
        RIGHT,
        WRONG
    }

    private long nanos = Long.MAX_VALUE - Duration.ofMinutes(30).toNanos();
    private final LogThrottle<State> throttle = new LogThrottle<>(() -> nanos);

    @Test
    void whatLastsIsRepeatedOnceAnHour() {
        int said = 0;
        for (int i = 0; i < 36; i++) {
            said += throttle.isDue(State.WRONG) ? 1 : 0;
            nanos += Duration.ofMinutes(5).toNanos();
        }
        assertThat(said).as("in three hours").isEqualTo(3);
    }

    @Test
    void whatIsNotWorthRepeatingIsSaidOnce() {
        assertThat(throttle.isNew(State.RIGHT)).isTrue();
        nanos += Duration.ofHours(5).toNanos();
        assertThat(throttle.isNew(State.RIGHT)).isFalse();
    }

    @Test
    void statesThatAlternateAreSaidOnceAnHourEach() {
        int right = 0;
        int wrong = 0;
        for (int i = 0; i < 12; i++) {
            right += throttle.isNew(State.RIGHT) ? 1 : 0;
            wrong += throttle.isDue(State.WRONG) ? 1 : 0;
            nanos += Duration.ofMinutes(5).toNanos();
        }
        assertThat(right).isEqualTo(1);
        assertThat(wrong).isEqualTo(1);
        assertThat(throttle.isNew(State.RIGHT)).as("an hour later").isTrue();
    }

    @Test
    void statesThatLastAreLoggedOnceAnHourEach() {
        LogThrottle<String> reasons = new LogThrottle<>(() -> nanos);
        int logged = 0;
        for (int i = 0; i < 150; i++) {
            logged += reasons.isDue("http_401") ? 1 : 0;
            logged += reasons.isDue("timeout") ? 1 : 0;
            nanos += Duration.ofMinutes(1).toNanos();
        }
        assertThat(logged).isEqualTo(6);
    }
}
