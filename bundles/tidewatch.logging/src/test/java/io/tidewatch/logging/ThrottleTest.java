package io.tidewatch.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Instant NOON = Events.TIME;

    private final List<String> written = new ArrayList<>();
    private final Throttle throttle = new Throttle();

    @BeforeEach
    void start() {
        AppenderBase<ILoggingEvent> sink = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                written.add(event.getFormattedMessage());
            }
        };
        sink.start();
        throttle.addAppender(sink);
        throttle.setPerMessage(2);
        throttle.setPerMinute(5);
        throttle.start();
    }

    @Test
    void letsTheSameMessageThroughSoManyTimesAMinute() {
        for (int i = 0; i < 4; i++) {
            log(NOON, "Same {}", i);
        }
        log(NOON, "Other");

        assertThat(written).containsExactly("Same 0", "Same 1", "Other");
    }

    @Test
    void letsSoManyThroughAMinuteWhateverTheySay() {
        for (int i = 0; i < 9; i++) {
            log(NOON, "Message " + i);
        }

        assertThat(written).hasSize(5);
    }

    @Test
    void saysWhatItLeftOutWithTheFirstEventOfALaterMinute() {
        for (int i = 0; i < 10; i++) {
            log(NOON, "Same");
        }
        log(NOON.plusSeconds(59), "Same");
        assertThat(written).hasSize(2);

        log(NOON.plusSeconds(60), "Same");
        log(NOON.plusSeconds(130), "Same");

        assertThat(written).hasSize(5);
        assertThat(written.get(2)).startsWith("9 log entries were left out");
        assertThat(written.subList(3, 5)).containsExactly("Same", "Same");
    }

    @Test
    void opensAgainWhenTheClockIsSetBack() {
        for (int i = 0; i < 10; i++) {
            log(NOON, "Same");
        }

        log(NOON.minusSeconds(86_400), "Same");

        assertThat(written).hasSize(4);
        assertThat(written.get(2)).startsWith("8 log entries were left out");
    }

    @Test
    void leavesNothingOutThatSomebodyTurnedOn() {
        for (int i = 0; i < 10; i++) {
            throttle.doAppend(Events.of(Level.DEBUG, "Same", null, Map.of()));
        }

        assertThat(written).hasSize(10);
    }

    private void log(Instant time, String pattern, Object... arguments) {
        throttle.doAppend(Events.at(time, pattern, arguments));
    }
}
