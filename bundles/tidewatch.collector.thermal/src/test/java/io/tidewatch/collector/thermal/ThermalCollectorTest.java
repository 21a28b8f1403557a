package io.tidewatch.collector.thermal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThermalCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        zone(0, "soc-thermal", "44384");
        zone(1, "bigcore0-thermal", "61923");
        zone(5, "gpu-thermal", "70000");
        zone(12, "acpitz", "-5500");
        return new ThermalCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new ThermalCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new ThermalCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        String wanted = metric.name().startsWith("cpu") ? "cpu\\|soc\\|core\\|package\\|pkg\\|center" : ".";
        return !RealMachine.run(
                        "sh",
                        "-c",
                        "cat /sys/class/thermal/thermal_zone*/type 2>/dev/null | grep -i '" + wanted + "' || true")
                .isEmpty();
    }

    @Test
    void reportsEveryZoneAndTheHottestOfTheProcessor() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of(
                        "thermal.zone_temp[soc-thermal, 0]", 44.384,
                        "thermal.zone_temp[bigcore0-thermal, 1]", 61.923,
                        "thermal.zone_temp[gpu-thermal, 5]", 70.0,
                        "thermal.zone_temp[acpitz, 12]", -5.5,
                        "cpu.temperature[]", 61.923));
    }

    @Test
    void leavesOutWhatCannotBeReadOrIsImplausible() throws Exception {
        Collector collector = typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.makeUnreadable("sys/class/thermal/thermal_zone1/temp");
        zone(2, "cpu-hot", "150001");
        zone(3, "cpu-cold", "-40001");
        zone(4, "cpu-garbage", "N/A");
        zone(6, "cpu-empty", "");
        zone(7, "", "40000");
        zone(8, "cpu-limit", "150000");
        zone(9, "other-limit", "-40000");
        tree.remove("sys/class/thermal/thermal_zone0/type");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "thermal.zone_temp[gpu-thermal, 5]", 70.0,
                        "thermal.zone_temp[acpitz, 12]", -5.5,
                        "thermal.zone_temp[cpu-limit, 8]", 150.0,
                        "thermal.zone_temp[other-limit, 9]", -40.0,
                        "cpu.temperature[]", 150.0));
    }

    @Test
    void withoutAZoneOfTheProcessorItsTemperatureIsLeftOut() throws Exception {
        zone(0, "gpu-thermal", "50000");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .containsOnlyKeys("thermal.zone_temp[gpu-thermal, 0]");
    }

    @Test
    void zonesComeAndGoBetweenPasses() throws Exception {
        Collector collector = typicalCollector();
        collector.collect();
        FixtureTree.empty(folder).remove("sys/class/thermal/thermal_zone1");
        zone(3, "wwan0-thermal", "38000");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsEntry("thermal.zone_temp[wwan0-thermal, 3]", 38.0)
                .containsEntry("cpu.temperature[]", 44.384)
                .doesNotContainKey("thermal.zone_temp[bigcore0-thermal, 1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "soc-thermal",
                "package-thermal",
                "bigcore0-thermal",
                "bigcore2-thermal",
                "littlecore-thermal",
                "center-thermal",
                "cpu-thermal",
                "cpu_thermal",
                "soc_thermal",
                "CPU-therm",
                "x86_pkg_temp",
                "TCPU"
            })
    void knowsTheZonesOfProcessors(String type) {
        assertThat(ZoneType.isProcessor(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpu-thermal",
                "npu-thermal",
                "GPU-therm",
                "acpitz",
                "iwlwifi_1",
                "pch_cannonlake",
                "battery",
                "INT3400 Thermal",
                "ddr-thermal",
                "nvme"
            })
    void knowsWhatIsNoneOfTheProcessor(String type) {
        assertThat(ZoneType.isProcessor(type)).isFalse();
    }

    @Test
    void agreesWithTheZonesOfThisMachine() throws Exception {
        Map<String, Double> values = RealMachine.valuesOf(new ThermalCollector(RealMachine.procFs()).collect());
        String zones = RealMachine.run(
                "sh",
                "-c",
                "for f in /sys/class/thermal/thermal_zone*/temp; do cat $f 2>/dev/null && echo; done; true");

        // Where there is none, as on most virtual machines, both find none.
        long readable = zones.lines().filter(line -> line.matches("-?\\d+")).count();
        assertThat(values.keySet().stream()
                        .filter(key -> key.startsWith("thermal.zone_temp"))
                        .count())
                .isLessThanOrEqualTo(readable);
        assertThat(values.isEmpty()).isEqualTo(readable == 0);
    }

    private void zone(int number, String type, String temp) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("sys/class/thermal/thermal_zone" + number + "/type", type + "\n");
        tree.write("sys/class/thermal/thermal_zone" + number + "/temp", temp + "\n");
    }
}
