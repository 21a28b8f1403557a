package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.RealMachine;
import java.util.Map;
import org.junit.jupiter.api.Test;
import oshi.hardware.CentralProcessor;
import oshi.software.os.OperatingSystem;

class LoadCollectorTest {
    @Test
    void reportsAveragesInHundredthsAndThreads() throws Exception {
        assertThat(RealMachine.valuesOf(
                        collector(new double[] {0.126, 1.58, 12}, 345).collect()))
                .isEqualTo(Map.of("load.1m[]", 0.13, "load.5m[]", 1.58, "load.15m[]", 12.0, "load.threads[]", 345.0));
    }

    @Test
    void leavesOutWhatTheSystemDoesNotTell() throws Exception {
        assertThat(collector(new double[] {-1, -1, -1}, 0).collect()).isEmpty();
    }

    private static Collector collector(double[] averages, int threads) {
        return new LoadCollector(
                Answers.of(CentralProcessor.class, Map.of("getSystemLoadAverage", averages)),
                Answers.of(OperatingSystem.class, Map.of("getThreadCount", threads)));
    }
}
