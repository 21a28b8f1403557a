package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TimetableTest {
    @Test
    void ticksAtMultiplesOfTheIntervalAfterTheOrigin() {
        Timetable timetable = new Timetable(100);

        assertThat(timetable.next(100, 100, 10)).isEqualTo(110);
        assertThat(timetable.next(112, 110, 10)).isEqualTo(120);
        assertThat(timetable.next(120, 110, 10))
                .as("a tick that is now is past")
                .isEqualTo(130);
    }

    @Test
    void skipsTicksThatALongPassMissed() {
        assertThat(new Timetable(0).next(47, 10, 10)).isEqualTo(50);
    }

    @Test
    void leavesHalfAnIntervalAfterThePassThatGreetsANewcomer() {
        assertThat(new Timetable(0).next(14, 14, 10)).isEqualTo(20);
        assertThat(new Timetable(0).next(15, 15, 10)).isEqualTo(20);
        assertThat(new Timetable(0).next(16, 16, 10)).isEqualTo(30);
    }

    @RepeatedTest(50)
    void holdsForAnyOriginAndInterval(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            long origin = random.nextBoolean() ? random.nextLong() : Long.MAX_VALUE - random.nextInt(1_000_000);
            long interval = 1 + random.nextLong(1L << (1 + random.nextInt(51)));
            long sinceOrigin = random.nextLong(1L << 58);
            long lastStart = origin + random.nextLong(sinceOrigin + 1);
            long now = origin + sinceOrigin;

            long next = new Timetable(origin).next(now, lastStart, interval);

            String shown = "seed %d: origin %d, now %d, last %d, interval %d, next %d"
                    .formatted(seed, origin, now, lastStart, interval, next);
            assertThat((next - origin) % interval).as("aligned: " + shown).isZero();
            assertThat(next - now).as("in the future: " + shown).isPositive();
            assertThat(next - lastStart)
                    .as("half an interval after the last: " + shown)
                    .isGreaterThanOrEqualTo(interval / 2);
            boolean earlierWouldDo = next - interval - now > 0 && next - interval - lastStart >= interval / 2;
            assertThat(earlierWouldDo).as("the first such tick: " + shown).isFalse();
        }
    }

    @RepeatedTest(20)
    void multiplesFallTogether(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Timetable timetable = new Timetable(random.nextLong());
        long interval = 1L + random.nextInt(1_000_000);
        long multiple = interval * (2 + random.nextInt(10));
        long now = timetable.origin() + random.nextLong(1L << 50);

        long slow = timetable.next(now, now, multiple);
        long fast = timetable.next(now, now, interval);
        while (fast - slow < 0) {
            fast = timetable.next(fast, fast, interval);
        }

        assertThat(fast).isEqualTo(slow);
    }
}
