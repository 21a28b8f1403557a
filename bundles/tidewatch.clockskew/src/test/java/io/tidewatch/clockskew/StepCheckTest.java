package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.clockskew.StepCheck.Decision;
import io.tidewatch.clockskew.StepCheck.Phase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCheckTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
    private static final Duration EXACT = Duration.ofMillis(600);

    private final StepCheck check = new StepCheck(BUILT);
    private long nanos = Long.MAX_VALUE - 1000;

    /** The skew that a server reported, a step some time later, all in seconds, and whether it is accepted. */
    @ParameterizedTest
    @CsvSource({
        "0, 3600, 0, false",
        "0, -3600, 0, false",
        "0, 2.5, 0, true", // within two seconds and the accuracy of the comparison
        "0, 2.7, 0, false",
        "1.9, -3.8, 0, true",
        "-3600, 3600, 0, true",
        "-3600, 3000, 0, true",
        "-3600, 7100, 0, true",
        "-3600, 7300, 0, false",
        "-3600, -3, 0, false",
        "0, 3, 1000, false",
        "0, 3, 3000, true", // 200 ppm of 3000 s
        "0, 60, 86400, false",
        "0, 19, 86400, true",
    })
    void aStepIsAcceptedIfItLeadsToTheServersTime(double skew, double step, long later, boolean accepted) {
        compared(skew, EXACT);
        nanos += Duration.ofSeconds(later).toNanos();

        assertThat(stepped(step)).isEqualTo(accepted ? Decision.ACCEPT : Decision.KEEP);
        assertThat(check.isOpen()).isEqualTo(!accepted);
        assertThat(check.ahead()).isEqualTo(seconds(step));
    }

    @Test
    void anAnswerThatTookLongDecidesNothing() {
        compared(0, EXACT);
        stepped(4);

        assertThat(compared(4, Duration.ofSeconds(2))).isEqualTo(Decision.KEEP);
        assertThat(check.phase()).isEqualTo(Phase.DOUBTED);
        assertThat(compared(4, Duration.ofMillis(1900))).isEqualTo(Decision.KEEP);
        assertThat(check.phase()).isEqualTo(Phase.CONTRADICTED);
        assertThat(compared(0.5, Duration.ofMillis(1900))).isEqualTo(Decision.ACCEPT);
    }

    @Test
    void anInexactAnswerDoesNotReplaceAnExactOneUntilThatIsOld() {
        compared(0, EXACT);
        compared(7, Duration.ofSeconds(8));
        assertThat(stepped(6)).as("away from the exact one").isEqualTo(Decision.KEEP);
        assertThat(stepped(-6)).isEqualTo(Decision.BACK);

        nanos += Duration.ofHours(12).toNanos();
        compared(7, Duration.ofSeconds(8));
        assertThat(stepped(-7)).as("by the other one").isEqualTo(Decision.ACCEPT);
    }

    @Test
    void whatTheServerReportedMovesAlongWithTheSamples() {
        compared(-10, EXACT);
        assertThat(stepped(10)).isEqualTo(Decision.ACCEPT);
        assertThat(check.accept()).isEqualTo(Duration.ofSeconds(10));
        assertThat(check.isConfirmed()).isTrue();

        assertThat(stepped(10)).as("once more").isEqualTo(Decision.KEEP);
        assertThat(check.isConfirmed()).isTrue();
    }

    /** The store came after the first comparison. */
    @ParameterizedTest
    @CsvSource({"0, ACCEPT, SETTLED", "3600, KEEP, CONTRADICTED", "1800, ACCEPT, SETTLED"})
    void anAnswerFromBeforeTheSessionsWereComparedCounts(double skew, Decision decision, Phase phase) {
        compared(skew, EXACT);

        Decision found = check.steppedBefore(Duration.ofHours(1), NOW, false, nanos);
        if (found == Decision.ACCEPT) {
            check.accept();
        }

        assertThat(found).isEqualTo(decision);
        assertThat(check.phase()).isEqualTo(phase);
    }

    @Test
    void turnedOffTheClockCountsUnlessItWasNeverSet() {
        compared(0, EXACT);
        stepped(3600);
        assertThat(check.notCompared(NOW)).isEqualTo(Decision.ACCEPT);
        check.accept();
        assertThat(check.stepped(new Step(NOW, Instant.EPOCH), nanos, false)).isEqualTo(Decision.KEEP);
        assertThat(check.phase()).isEqualTo(Phase.CONTRADICTED);
        assertThat(check.notCompared(Instant.EPOCH)).isEqualTo(Decision.KEEP);
    }

    @Test
    void theWaitEnds() {
        assertThat(stepped(3600)).isEqualTo(Decision.KEEP);
        assertThat(check.phase()).isEqualTo(Phase.ASKED);
        nanos += StepCheck.PATIENCE.toNanos() - 1;
        assertThat(check.waited(nanos, true)).isEqualTo(Decision.KEEP);
        stepped(1);
        nanos++;
        assertThat(check.waited(nanos, true)).as("since the first step").isEqualTo(Decision.ACCEPT);
        check.accept();

        compared(0, EXACT);
        stepped(3600);
        nanos += StepCheck.PATIENCE_WITHOUT_SERVER.toNanos();
        assertThat(check.waited(nanos, false)).isEqualTo(Decision.KEEP);
        assertThat(check.phase()).isEqualTo(Phase.UNVERIFIED);
        assertThat(check.waited(nanos + StepCheck.PATIENCE.toNanos(), true)).isEqualTo(Decision.KEEP);
        assertThat(compared(0, EXACT)).as("a server after all").isEqualTo(Decision.ACCEPT);
    }

    private Decision stepped(double seconds) {
        return check.stepped(new Step(NOW, NOW.plus(seconds(seconds))), nanos, true);
    }

    private Decision compared(double skew, Duration accuracy) {
        return check.compared(new Skew(seconds(skew), accuracy), nanos);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
