package io.tidewatch.collector.uptime;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UptimeCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/uptime", "12345.67 23456.78\n");
        tree.write("proc/stat", "cpu  1 2 3 4\nintr 5\nctxt 6\nbtime 1700000000\nprocesses 7\n");
        return new UptimeCollector(tree.procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new UptimeCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new UptimeCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return Files.exists(Path.of("/proc/uptime"));
    }

    @Test
    void reportsWhatTheFilesSay() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of("system.uptime_seconds[]", 12345.67, "system.boot_time_seconds[]", 1.7e9));
    }

    @Test
    void oneOfTheFilesIsEnough() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/uptime", "1.00 2.00\n");

        assertThat(RealMachine.valuesOf(new UptimeCollector(tree.procFs()).collect()))
                .isEqualTo(Map.of("system.uptime_seconds[]", 1.0));
    }

    /** Case C03a: a kernel, or what stands in for one, without the time of boot. */
    @Test
    void withoutTheTimeOfBootTheUptimeIsReported() throws Exception {
        UptimeCollector collector =
                new UptimeCollector(FixtureTree.copy("no-btime", folder).procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).isEqualTo(Map.of("system.uptime_seconds[]", 12345.67));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message()).endsWith("stat: has no line 'btime'");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-12345.67 1.00", "up since yesterday", "", "18446744073709346016.00 1"})
    void aDamagedUptimeLeavesTheTimeOfBoot(String text) throws Exception {
        typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/uptime", text + "\n");
        UptimeCollector collector = new UptimeCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).isEqualTo(Map.of("system.boot_time_seconds[]", 1.7e9));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("uptime:1: expected", "found ", "'" + text));
    }

    @Test
    void agreesWithTheFilesOfThisMachine() throws Exception {
        Collector collector = new UptimeCollector(RealMachine.procFs());
        double before = uptime();
        Map<String, Double> values = RealMachine.valuesOf(collector.collect());
        double after = uptime();

        assertThat(values.get("system.uptime_seconds[]")).isBetween(before, after);
        double bootTime = Double.parseDouble(RealMachine.run("awk", "/^btime/ { print $2 }", "/proc/stat"));
        assertThat(values.get("system.boot_time_seconds[]")).isBetween(bootTime - 1, bootTime + 1);
    }

    private static double uptime() throws Exception {
        return Double.parseDouble(RealMachine.run("cut", "-d ", "-f1", "/proc/uptime"));
    }
}
