package io.tidewatch.collector.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
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
        if (metric.name().contains("oom_kills")) {
            return RealMachine.run("cat", "/proc/vmstat").contains("\noom_kill ");
        }
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
                        entry("memory.swap_used_bytes", 66000.0 * 1024),
                        entry("memory.oom_kills_total", 3.0));
    }

    @Test
    void leavesOutWhatTheKernelDoesNotTell() throws Exception {
        assertThat(valuesOf(collectorOn("MemTotal: 1000 kB\nMemFree: 500 kB\n")))
                .containsOnlyKeys("memory.total_bytes");
    }

    @Test
    void aKernelThatDoesNotCountKillsReportsNoneAndSaysNothing() throws Exception {
        MemoryCollector collector =
                new MemoryCollector(FixtureTree.copy("linux-4.9", folder).procFs());

        assertThat(valuesOf(collector)).hasSize(5).doesNotContainKey("memory.oom_kills_total");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oom_kill", "oom_kill -1", "oom_kill 18446744073709551615", "oom_kill 1x", "?#garbage 3"})
    void aDamagedNumberOfKillsCostsItselfAndIsNamed(String row) throws Exception {
        FixtureTree tree = FixtureTree.copy("orangepi5plus", folder);
        tree.write("proc/vmstat", "pgfault 91820447\n" + row + "\n");
        MemoryCollector collector = new MemoryCollector(tree.procFs());

        assertThat(valuesOf(collector)).hasSize(5).doesNotContainKey("memory.oom_kills_total");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message()).contains("vmstat:2: expected");
        });
    }

    @Test
    void aFileThatCannotBeReadCostsItselfAndIsNamed() throws Exception {
        FixtureTree tree = FixtureTree.copy("orangepi5plus", folder);
        tree.makeUnreadable("proc/meminfo");
        MemoryCollector collector = new MemoryCollector(tree.procFs());

        assertThat(valuesOf(collector)).isEqualTo(Map.of("memory.oom_kills_total", 3.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message()).contains("proc/meminfo");
        });
    }

    @Test
    void leavesOutWhatATruncatedFileDoesNotTell() throws Exception {
        Collector collector =
                new MemoryCollector(FixtureTree.copy("truncated", folder).procFs());

        assertThat(valuesOf(collector)).containsOnlyKeys("memory.total_bytes");
    }

    @Test
    void leavesOutADifferenceThatCannotBe() throws Exception {
        MemoryCollector collector = collectorOn("MemTotal: 1000 kB\nMemAvailable: 2000 kB\n");

        assertThat(valuesOf(collector)).containsOnlyKeys("memory.total_bytes", "memory.available_bytes");
        assertThat(collector.diagnostics())
                .filteredOn(diagnostic -> diagnostic.severity() == Diagnostic.Severity.DAMAGED)
                .singleElement()
                .satisfies(diagnostic -> assertThat(diagnostic.message())
                        .endsWith("MemAvailable of 2048000 bytes is more than the whole of 1024000"));
    }

    /** Case C01: SwapFree just below 2^64 kB, on a machine without swap. */
    @Test
    void aWrappedSwapFreeCostsTheUseOfSwapAlone() throws Exception {
        MemoryCollector collector =
                new MemoryCollector(FixtureTree.copy("wrapped-swap", folder).procFs());

        assertThat(valuesOf(collector))
                .containsOnly(
                        entry("memory.total_bytes", 1073741824.0),
                        entry("memory.available_bytes", 671088640.0),
                        entry("memory.used_bytes", 402653184.0),
                        entry("memory.swap_total_bytes", 0.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message())
                    .endsWith("meminfo:5: expected less than 2^63 bytes, found '18446744073709346016 kB'");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MemTotal: 1000",
                "MemTotal: x kB",
                "MemTotal: 10 MB",
                "MemTotal:",
                "?#garbage",
                "MemTotal: 9223372036854775807 kB"
            })
    void aDamagedRowCostsItselfAndIsNamed(String row) throws Exception {
        MemoryCollector collector = collectorOn(row + "\nMemAvailable: 5 kB\nSwapTotal: 7 kB\nSwapFree: 7 kB\n");

        assertThat(valuesOf(collector))
                .containsOnlyKeys("memory.available_bytes", "memory.swap_total_bytes", "memory.swap_used_bytes");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("meminfo:"));
    }

    private MemoryCollector collectorOn(String text) throws IOException {
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
