package io.tidewatch.collector.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/loadavg", "0.52 1.58 12.59 2/345 6789\n");
        return new LoadCollector(tree.procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new LoadCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new LoadCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return Files.exists(Path.of("/proc/loadavg"));
    }

    @Test
    void reportsWhatTheFileSays() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of(
                        "load.1m[]",
                        0.52,
                        "load.5m[]",
                        1.58,
                        "load.15m[]",
                        12.59,
                        "load.runnable[]",
                        2.0,
                        "load.threads[]",
                        345.0));
    }

    @ParameterizedTest
    @CsvSource({
        "0.52 x 12.59 2/345, 'load.1m[]|load.15m[]|load.runnable[]|load.threads[]', load.5m",
        "0.52 1.58 12.59 2, 'load.1m[]|load.5m[]|load.15m[]', load.threads",
        "0.52 1.58 12.59 2/, 'load.1m[]|load.5m[]|load.15m[]', load.threads",
        "0.52 1.58 12.59 346/345 6, 'load.1m[]|load.5m[]|load.15m[]', load.threads",
        "-1.00 1.58 12.59 2/345 6, 'load.5m[]|load.15m[]|load.runnable[]|load.threads[]', load.1m"
    })
    void aDamagedFieldCostsItselfAndIsNamed(String text, String kept, String damaged) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/loadavg", text + "\n");
        LoadCollector collector = new LoadCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).containsOnlyKeys(List.of(kept.split("\\|", -1)));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.subject()).isEqualTo(damaged);
            assertThat(diagnostic.message()).contains("loadavg:1: expected");
        });
    }

    /** The kernel computes new averages every five seconds: what is read before or after the pass has to match. */
    @Test
    void agreesWithTheFileOfThisMachine() throws Exception {
        Collector collector = new LoadCollector(RealMachine.procFs());
        String before = RealMachine.run("cat", "/proc/loadavg");
        Map<String, Double> values = RealMachine.valuesOf(collector.collect());
        String after = RealMachine.run("cat", "/proc/loadavg");

        assertThat(values.get("load.1m[]")).isIn(field(before, 0), field(after, 0));
        assertThat(values.get("load.5m[]")).isIn(field(before, 1), field(after, 1));
        assertThat(values.get("load.15m[]")).isIn(field(before, 2), field(after, 2));
        assertThat(values.get("load.runnable[]")).isBetween(1.0, values.get("load.threads[]"));
        double threads = Double.parseDouble(before.replaceAll(".*/(\\d+) .*\\n", "$1"));
        assertThat(values.get("load.threads[]")).isBetween(threads - 100, threads + 100);
    }

    private static double field(String text, int index) {
        return Double.parseDouble(List.of(text.split(" ", -1)).get(index));
    }
}
