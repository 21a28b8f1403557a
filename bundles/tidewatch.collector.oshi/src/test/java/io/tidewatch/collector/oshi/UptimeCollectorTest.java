package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.SourceContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import oshi.software.os.OperatingSystem;

class UptimeCollectorTest implements SourceContract {
    @Override
    public Collector typicalCollector() {
        return collector(12_345, 1_700_000_000);
    }

    @Override
    public Collector collectorWithoutSource() {
        return collector(0, 0);
    }

    @Test
    void reportsSeconds() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of("system.uptime_seconds[]", 12_345.0, "system.boot_time_seconds[]", 1_700_000_000.0));
    }

    private static Collector collector(long uptime, long bootTime) {
        return new UptimeCollector(
                Answers.of(OperatingSystem.class, Map.of("getSystemUptime", uptime, "getSystemBootTime", bootTime)));
    }
}
