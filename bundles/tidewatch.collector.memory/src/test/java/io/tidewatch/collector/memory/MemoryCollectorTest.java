package io.tidewatch.collector.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return new MemoryCollector(FixtureTree.copy("orangepi5plus", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new MemoryCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new MemoryCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return RealMachine.run("cat", "/proc/meminfo").contains("MemAvailable:");
    }

    @Test
    void reportsBytes() throws Exception {
        assertThat(valuesOf(typicalCollector()))
                .containsOnly(
                        entry("memory.total_bytes", 16132000.0 * 1024),
                        entry("memory.available_bytes", 14012420.0 * 1024),
                        entry("memory.used_bytes", (16132000.0 - 14012420.0) * 1024),
                        entry("memory.swap_total_bytes", 8066000.0 * 1024),
                        entry("memory.swap_used_bytes", 66000.0 * 1024));
    }

    @Test
    void leavesOutWhatTheKernelDoesNotTell() throws Exception {
        assertThat(valuesOf(collectorOn("MemTotal: 1000 kB\nMemFree: 500 kB\n")))
                .containsOnlyKeys("memory.total_bytes");
    }

    @Test
    void leavesOutWhatATruncatedFileDoesNotTell() throws Exception {
        Collector collector =
                new MemoryCollector(FixtureTree.copy("truncated", folder).procFs());

        assertThat(valuesOf(collector)).containsOnlyKeys("memory.total_bytes");
    }

    @Test
    void leavesOutADifferenceThatCannotBe() throws Exception {
        assertThat(valuesOf(collectorOn("MemTotal: 1000 kB\nMemAvailable: 2000 kB\n")))
                .containsOnlyKeys("memory.total_bytes", "memory.available_bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SwapTotal: 5 kB\n",
                "MemTotal: 1000\n",
                "MemTotal: x kB\n",
                "MemTotal: 10 MB\n",
                "MemTotal:",
                "MemTotal: 9223372036854775807 kB\n"
            })
    void aDamagedFileIsAnError(String text) {
        assertThatThrownBy(() -> collectorOn(text).collect())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("meminfo:");
    }

    private Collector collectorOn(String text) throws IOException {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/meminfo", text);
        return new MemoryCollector(tree.procFs());
    }

    private static Map<String, Double> valuesOf(Collector collector) throws Exception {
        return collector.collect().stream()
                .collect(Collectors.toMap(sample -> sample.metric().name(), Sample::value));
    }

    /** Within a twentieth of the whole, as other programs come and go between the two readings. */
    @Test
    void agreesWithFree() throws Exception {
        Map<String, Double> values =
                RealMachine.valuesOf(collectorOn(RealMachine.procFs()).collect());
        List<String> lines = RealMachine.run("free", "-b").lines().toList();
        double[] memory = numbers(lines.get(1));
        double[] swap = numbers(lines.get(2));
        Offset<Double> tolerance = within(memory[0] / 20);

        assertThat(values.get("memory.total_bytes[]")).isEqualTo(memory[0]);
        assertThat(values.get("memory.available_bytes[]")).isCloseTo(memory[5], tolerance);
        assertThat(values.get("memory.used_bytes[]")).isCloseTo(memory[0] - memory[5], tolerance);
        assertThat(values.get("memory.swap_total_bytes[]")).isEqualTo(swap[0]);
        assertThat(values.get("memory.swap_used_bytes[]")).isCloseTo(swap[1], tolerance);
    }

    /** The numbers behind the label: total, used, free, shared, buff/cache, available. */
    private static double[] numbers(String line) {
        return Stream.of(line.replaceFirst(".*:\\s+", "").split("\\s+", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
