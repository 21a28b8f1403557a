package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.SourceContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.LogicalProcessor;

class CpuCollectorTest implements SourceContract {
    private final Map<String, Object> answers = new HashMap<>();

    @Override
    public Collector typicalCollector() {
        answers.put("getLogicalProcessors", List.of(new LogicalProcessor(0, 0, 0), new LogicalProcessor(4, 1, 0)));
        ticks(
                new long[] {100, 0, 50, 800, 40, 5, 5, 0},
                new long[][] {{60, 0, 30, 390, 15, 3, 2, 0}, {40, 0, 20, 410, 25, 2, 3, 0}});
        return collector();
    }

    @Override
    public Collector collectorWithoutSource() {
        ticks(new long[0], new long[0][]);
        return collector();
    }

    @Override
    public int passesUntilComplete() {
        return 2;
    }

    @Override
    public void letTimePass() {
        ticks(
                new long[] {130, 10, 60, 840, 45, 8, 6, 1},
                new long[][] {{90, 10, 40, 390, 15, 3, 2, 0}, {40, 0, 20, 450, 30, 5, 4, 1}});
    }

    @Test
    void reportsShareOfTimeSinceTheLastPass() throws Exception {
        Collector collector = typicalCollector();
        assertThat(collector.collect()).isEmpty();
        letTimePass();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "cpu.usage_percent[all]",
                        55.0,
                        "cpu.iowait_percent[all]",
                        5.0,
                        "cpu.steal_percent[all]",
                        1.0,
                        "cpu.usage_percent[0]",
                        100.0,
                        "cpu.usage_percent[4]",
                        10.0));
    }

    @Test
    void leavesOutIowaitAndStealWhereTheSystemDoesNotKeepThem() throws Exception {
        answers.put("getLogicalProcessors", List.of(new LogicalProcessor(0, 0, 0)));
        ticks(new long[] {100, 0, 50, 800, 0, 0, 0, 0}, new long[][] {{100, 0, 50, 800, 0, 0, 0, 0}});
        Collector collector = collector();
        collector.collect();
        ticks(new long[] {110, 0, 50, 830, 0, 0, 0, 0}, new long[][] {{110, 0, 50, 830, 0, 0, 0, 0}});

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of("cpu.usage_percent[all]", 25.0, "cpu.usage_percent[0]", 25.0));
    }

    @Test
    void leavesOutACoreThatStandsStillAndCountsAFieldThatFallsAsZero() throws Exception {
        Collector collector = typicalCollector();
        collector.collect();
        ticks(
                new long[] {130, 10, 60, 840, 45, 8, 6, 1},
                new long[][] {{60, 0, 30, 390, 15, 3, 2, 0}, {40, 0, 20, 450, 24, 5, 4, 1}});

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys(
                        "cpu.usage_percent[all]",
                        "cpu.iowait_percent[all]",
                        "cpu.steal_percent[all]",
                        "cpu.usage_percent[4]")
                .containsEntry("cpu.usage_percent[4]", 11.11);
    }

    @Test
    void leavesOutACoreThatIsNew() throws Exception {
        Collector collector = typicalCollector();
        ticks(new long[] {100, 0, 50, 800, 40, 5, 5, 0}, new long[][] {{60, 0, 30, 390, 15, 3, 2, 0}});
        collector.collect();
        letTimePass();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys(
                        "cpu.usage_percent[all]",
                        "cpu.iowait_percent[all]",
                        "cpu.steal_percent[all]",
                        "cpu.usage_percent[0]");
    }

    private Collector collector() {
        return new CpuCollector(Answers.of(CentralProcessor.class, answers));
    }

    private void ticks(long[] all, long[][] cores) {
        answers.put("getSystemCpuLoadTicks", all);
        answers.put("getProcessorCpuLoadTicks", cores);
    }
}
