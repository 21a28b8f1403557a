package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Three minutes at 1,000 samples per second, with everything that can be interfered with; the long form is the script
 * {@code soak}. Runs beside the other tests, as it waits most of the time.
 */
@Order(2)
class SoakIT {
    /** The same again: {@code -Dtidewatch.soak.seed=...}. */
    private static final String SEED = "tidewatch.soak.seed";

    @Test
    void nothingIsLostOrDoubledWhateverFails() throws Exception {
        long seed = Long.getLong(SEED, new Random().nextInt(1_000_000));
        SoakReport report = Soak.run(SoakPlan.shortOne(seed), AgentProcess.workFolder("soak"));
        System.out.print(report.text());
        assertThat(report.failures())
                .as("what went wrong with -D" + SEED + "=" + seed)
                .isEmpty();
    }
}
