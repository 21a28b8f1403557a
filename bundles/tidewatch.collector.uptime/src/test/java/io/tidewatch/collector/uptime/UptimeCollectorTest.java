package io.tidewatch.collector.uptime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFormatException;
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

    @Test
    void aDamagedFileIsAnErrorThatNamesThePlace() throws Exception {
        typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/stat", "cpu  1 2 3 4\nbtim");
        assertThatThrownBy(() -> new UptimeCollector(tree.procFs()).collect())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("stat:2: expected a line 'btime'");

        tree.write("proc/uptime", "up since yesterday\n");
        assertThatThrownBy(() -> new UptimeCollector(tree.procFs()).collect())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("uptime:1: expected a decimal number");
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
