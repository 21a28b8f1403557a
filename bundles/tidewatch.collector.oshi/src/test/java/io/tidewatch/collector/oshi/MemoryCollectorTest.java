package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.RealMachine;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;

class MemoryCollectorTest {
    @Test
    void reportsBytes() throws Exception {
        assertThat(RealMachine.valuesOf(collector(1000, 300, 500, 20).collect()))
                .isEqualTo(Map.of(
                        "memory.total_bytes[]",
                        1000.0,
                        "memory.available_bytes[]",
                        300.0,
                        "memory.used_bytes[]",
                        700.0,
                        "memory.swap_total_bytes[]",
                        500.0,
                        "memory.swap_used_bytes[]",
                        20.0));
    }

    @Test
    void aMachineWithoutSwapHasNoneAndUsesNone() throws Exception {
        assertThat(RealMachine.valuesOf(collector(1000, 300, 0, 0).collect()))
                .containsEntry("memory.swap_total_bytes[]", 0.0)
                .containsEntry("memory.swap_used_bytes[]", 0.0);
    }

    @Test
    void leavesOutWhatTheSystemDoesNotTell() throws Exception {
        assertThat(RealMachine.valuesOf(collector(1000, 0, 500, 20).collect()))
                .containsOnlyKeys("memory.total_bytes[]", "memory.swap_total_bytes[]", "memory.swap_used_bytes[]");
    }

    @Test
    void leavesOutDifferencesThatCannotBe() throws Exception {
        assertThat(RealMachine.valuesOf(collector(1000, 1001, 500, 501).collect()))
                .containsOnlyKeys("memory.total_bytes[]", "memory.available_bytes[]");
    }

    @Test
    void aMachineWithoutMemoryIsAnError() {
        assertThatThrownBy(() -> collector(0, 0, 0, 0).collect())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("memory");
    }

    private static Collector collector(long total, long available, long swapTotal, long swapUsed) {
        VirtualMemory swap =
                Answers.of(VirtualMemory.class, Map.of("getSwapTotal", swapTotal, "getSwapUsed", swapUsed));
        return new MemoryCollector(Answers.of(
                GlobalMemory.class, Map.of("getTotal", total, "getAvailable", available, "getVirtualMemory", swap)));
    }
}
