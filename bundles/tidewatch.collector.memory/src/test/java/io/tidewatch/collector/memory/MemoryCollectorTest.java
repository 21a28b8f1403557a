package io.tidewatch.collector.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryCollectorTest implements CollectorContract, DocumentedCollector {
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
}
