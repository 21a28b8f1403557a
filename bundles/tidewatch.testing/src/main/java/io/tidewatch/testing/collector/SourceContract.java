package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import org.junit.jupiter.api.Test;

/** What every {@link Collector} of a source keeps that not every machine has. */
public interface SourceContract extends CollectorContract {
    /** A collector on a machine that has nothing it can report. */
    Collector collectorWithoutSource() throws Exception;

    @Test
    default void reportsNothingOnAMachineWithoutTheSource() throws Exception {
        Collector collector = collectorWithoutSource();
        for (int pass = 0; pass < passesUntilComplete(); pass++) {
            assertThat(collector.collect()).isEmpty();
        }
    }
}
