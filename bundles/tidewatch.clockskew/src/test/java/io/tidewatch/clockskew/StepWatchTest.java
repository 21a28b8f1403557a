package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepWatchTest {
    private static final Instant START = Instant.parse("1970-01-01T00:00:30Z");

    @TempDir
    private Path folder;

    private Machine machine;
    private StepWatch watch;

    @BeforeEach
    void watch() {
        machine = new Machine(folder, START);
        watch = new StepWatch(machine.source());
    }

    @ParameterizedTest
    @ValueSource(longs = {2_001, -2_001, 3_600_000, -20_000, 1_780_000_000_000L})
    void noticesAStepOnce(long millis) {
        machine.run(Duration.ofSeconds(4));
        assertThat(watch.look()).isNull();
        machine.run(Duration.ofSeconds(3));
        machine.setClock(Duration.ofMillis(millis));

        Step step = watch.look();

        assertThat(step)
                .isEqualTo(new Step(START.plusSeconds(7), START.plusSeconds(7).plusMillis(millis)));
        assertThat(step.size()).isEqualTo(Duration.ofMillis(millis));
        assertThat(watch.present()).isEqualTo(machine.wall());
        machine.run(Duration.ofSeconds(5));
        assertThat(watch.look()).isNull();
    }

    /** chronyd makes the clock run up to 8 % faster or slower. */
    @ParameterizedTest
    @ValueSource(ints = {400, -400})
    void aClockThatIsSlewedIsNotSet(int millis) {
        for (int i = 0; i < 1000; i++) {
            machine.run(Duration.ofSeconds(5));
            machine.setClock(Duration.ofMillis(millis));
            assertThat(watch.look()).isNull();
        }
    }

    @Test
    void aMachineThatSleepsDoesNotSetItsClock() {
        machine.run(Duration.ofSeconds(1));
        machine.sleep(Duration.ofHours(8));
        assertThat(watch.look()).isNull();
        machine.run(Duration.ofSeconds(1));
        assertThat(watch.look()).isNull();
        long awake = watch.nanos();
        machine.sleep(Duration.ofMinutes(1));
        assertThat(watch.look()).isNull();
        assertThat(watch.nanos() - awake).isEqualTo(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void noticesAStepDuringSleep() {
        machine.sleep(Duration.ofHours(8));
        machine.setClock(Duration.ofMinutes(1));

        Step step = watch.look();

        assertThat(step).isNotNull();
        assertThat(step.size()).isEqualTo(Duration.ofMinutes(1));
        assertThat(step.before()).isEqualTo(START.plus(Duration.ofHours(8)));
    }

    @Test
    void withoutTheTimeSinceTheBootSleepLooksLikeAStep() throws IOException {
        machine.withoutUptime();
        watch = new StepWatch(machine.source());
        machine.run(Duration.ofSeconds(5));
        assertThat(watch.look()).isNull();
        machine.sleep(Duration.ofHours(8));

        Step step = watch.look();
        assertThat(step.size()).isEqualTo(Duration.ofHours(8));
        assertThat(step.mayBeSleep()).isTrue();
        machine.setClock(Duration.ofHours(-8));
        assertThat(watch.look().mayBeSleep()).as("back").isFalse();
    }
}
