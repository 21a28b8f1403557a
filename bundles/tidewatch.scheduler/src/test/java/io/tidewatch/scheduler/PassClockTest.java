package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.AgentClock;
import io.tidewatch.api.clock.Stamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PassClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long FIRST_TICK = 10;
    private static final long NEXT_TICK = 20;

    /** Wraps within each test. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

    private final PassClock clock = new PassClock(new Wall(), nanos::get);

    @Test
    void passesOfOneTickThatBeginTogetherShareAMoment() {
        Instant first = clock.ofTick(FIRST_TICK).time();
        advance(PassClock.TOGETHER);

        assertThat(clock.ofTick(FIRST_TICK).time()).isEqualTo(first);
    }

    @Test
    void aPassThatBeginsLaterHasItsOwnMomentAndSharesThat() {
        Instant first = clock.ofTick(FIRST_TICK).time();
        advance(PassClock.TOGETHER.plusNanos(1));
        Instant second = clock.ofTick(FIRST_TICK).time();
        advance(PassClock.TOGETHER);

        assertThat(second).isEqualTo(first.plus(PassClock.TOGETHER).plusNanos(1));
        assertThat(clock.ofTick(FIRST_TICK).time()).isEqualTo(second);
    }

    @Test
    void ticksHaveMomentsOfTheirOwn() {
        Instant first = clock.ofTick(FIRST_TICK).time();
        advance(Duration.ofMillis(1));

        assertThat(clock.ofTick(NEXT_TICK).time()).isEqualTo(first.plusMillis(1));
    }

    @Test
    void aPassBetweenTicksHasItsOwnMoment() {
        Instant first = clock.ofTick(FIRST_TICK).time();
        advance(Duration.ofMillis(1));

        assertThat(clock.now().time()).isEqualTo(first.plusMillis(1));
        assertThat(clock.ofTick(FIRST_TICK).time()).isEqualTo(first);
    }

    /** A moment of a clock that is gone does not move with the new one. */
    @Test
    void aClockThatComesOrGoesBeginsAfresh() {
        Instant plain = clock.ofTick(FIRST_TICK).time();
        Fixed watched = new Fixed(START.minusSeconds(3600));

        clock.set(watched);
        assertThat(clock.ofTick(FIRST_TICK).time()).isEqualTo(watched.time());

        clock.clear(watched);
        assertThat(clock.ofTick(FIRST_TICK).time()).isEqualTo(plain);
    }

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private final class Wall extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return START.plusNanos(nanos.get() - Long.MAX_VALUE);
        }
    }

    private record Fixed(Instant time) implements AgentClock, Stamp {
        @Override
        public Stamp now() {
            return this;
        }

        @Override
        public Optional<String> doubt() {
            return Optional.empty();
        }

        @Override
        public <R> R store(Storing<R> storing) {
            throw new UnsupportedOperationException();
        }
    }
}
