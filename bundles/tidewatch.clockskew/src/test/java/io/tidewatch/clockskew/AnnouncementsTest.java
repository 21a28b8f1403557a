package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private enum State {
        RIGHT,
        WRONG
    }

    private long nanos = Long.MAX_VALUE - Duration.ofMinutes(30).toNanos();
    private final Announcements<State> announcements = new Announcements<>(State.class, () -> nanos);

    @Test
    void whatLastsIsRepeatedOnceAnHour() {
        int said = 0;
        for (int i = 0; i < 36; i++) {
            said += announcements.isNews(State.WRONG, true) ? 1 : 0;
            nanos += Duration.ofMinutes(5).toNanos();
        }
        assertThat(said).as("in three hours").isEqualTo(3);
    }

    @Test
    void whatIsNotWorthRepeatingIsSaidOnce() {
        assertThat(announcements.isNews(State.RIGHT, false)).isTrue();
        nanos += Duration.ofHours(5).toNanos();
        assertThat(announcements.isNews(State.RIGHT, false)).isFalse();
    }

    @Test
    void statesThatAlternateAreSaidOnceAnHourEach() {
        int right = 0;
        int wrong = 0;
        for (int i = 0; i < 12; i++) {
            right += announcements.isNews(State.RIGHT, false) ? 1 : 0;
            wrong += announcements.isNews(State.WRONG, true) ? 1 : 0;
            nanos += Duration.ofMinutes(5).toNanos();
        }
        assertThat(right).isEqualTo(1);
        assertThat(wrong).isEqualTo(1);
        assertThat(announcements.isNews(State.RIGHT, false)).as("an hour later").isTrue();
    }
}
