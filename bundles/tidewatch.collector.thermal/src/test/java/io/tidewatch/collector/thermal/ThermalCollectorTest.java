package io.tidewatch.collector.thermal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
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
        String files = metric.name().startsWith("cpu")
                ? "/sys/class/thermal/thermal_zone*/type /sys/class/hwmon/hwmon*/name"
                : "/sys/class/thermal/thermal_zone*/type";
        String wanted = metric.name().startsWith("cpu") ? "cpu\\|soc\\|pkg\\|acpitz\\|coretemp\\|k10temp" : ".";
        return !RealMachine.run("sh", "-c", "cat " + files + " 2>/dev/null | grep -i '" + wanted + "' || true")
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
        zone(2, "cpu0-thermal", "150001");
        zone(3, "cpu1-thermal", "-40001");
        zone(4, "cpu2-thermal", "N/A");
        zone(6, "cpu3-thermal", "");
        zone(7, "", "40000");
        zone(8, "cpu4-thermal", "150000");
        zone(9, "other-limit", "-40000");
        tree.remove("sys/class/thermal/thermal_zone0/type");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "thermal.zone_temp[gpu-thermal, 5]", 70.0,
                        "thermal.zone_temp[acpitz, 12]", -5.5,
                        "thermal.zone_temp[cpu4-thermal, 8]", 150.0,
                        "thermal.zone_temp[other-limit, 9]", -40.0,
                        "cpu.temperature[]", 150.0));
        assertThat(((ThermalCollector) collector).diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::subject)
                .containsExactly(
                        tuple(Severity.NOTE, "thermal_zone0"),
                        tuple(Severity.NOTE, "thermal_zone1 (bigcore0-thermal)"),
                        tuple(Severity.DAMAGED, "thermal_zone2 (cpu0-thermal)"),
                        tuple(Severity.DAMAGED, "thermal_zone3 (cpu1-thermal)"),
                        tuple(Severity.DAMAGED, "thermal_zone4 (cpu2-thermal)"),
                        tuple(Severity.DAMAGED, "thermal_zone6 (cpu3-thermal)"),
                        tuple(Severity.DAMAGED, "thermal_zone7"));
    }

    /** Case C17: a driver that gives whole degrees. */
    @Test
    void wholeDegreesAreRecognised() throws Exception {
        FixtureTree tree = FixtureTree.copy("whole-degrees", folder);
        Collector collector = new ThermalCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of("thermal.zone_temp[cpu_thermal_zone, 0]", 31.0, "cpu.temperature[]", 31.0));
    }

    /** A device in the cold: thousandths near zero are no whole degrees once the sensor has shown what it counts in. */
    @Test
    void thousandthsStayThousandthsNearZero() throws Exception {
        zone(0, "cpu-thermal", "1500");
        Collector collector = collectorWithoutSource();
        collector.collect();
        zone(0, "cpu-thermal", "100");

        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("cpu.temperature[]", 0.1);
    }

    /** Case C18: a Raspberry Pi with an older kernel. */
    @Test
    void theZoneOfAnOlderRaspberryPiIsTheProcessors() throws Exception {
        FixtureTree tree = FixtureTree.copy("bcm2835", folder);

        assertThat(RealMachine.valuesOf(new ThermalCollector(tree.procFs()).collect()))
                .containsEntry("cpu.temperature[]", 48.312);
    }

    @Test
    void withoutAZoneTheSensorInTheProcessorIsRead() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        zone(0, "iwlwifi_1", "90000");
        zone(1, "acpitz", "16800");
        tree.write("sys/class/hwmon/hwmon0/name", "nvme\n");
        tree.write("sys/class/hwmon/hwmon0/temp1_input", "80000\n");
        tree.write("sys/class/hwmon/hwmon3/name", "coretemp\n");
        tree.write("sys/class/hwmon/hwmon3/temp1_input", "51000\n");
        tree.write("sys/class/hwmon/hwmon3/temp2_input", "53000\n");
        tree.write("sys/class/hwmon/hwmon3/temp3_input", "N/A\n");
        ThermalCollector collector = new ThermalCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("cpu.temperature[]", 53.0);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("temp3_input:1", "'N/A'"));

        tree.remove("sys/class/hwmon/hwmon3");
        assertThat(RealMachine.valuesOf(collector.collect()))
                .as("the firmware's zone, where nothing else is there")
                .containsEntry("cpu.temperature[]", 16.8);
    }

    /** Tctl has an offset of 27 degrees on this processor; where Tdie is not, it has none. */
    @Test
    void theControlValueOfAnAmdProcessorIsNoTemperatureBesideThatOfTheDie() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        String chip = "sys/class/hwmon/hwmon2/";
        tree.write(chip + "name", "k10temp\n");
        tree.write(chip + "temp1_input", "77625\n");
        tree.write(chip + "temp1_label", "Tctl\n");
        tree.write(chip + "temp2_input", "50625\n");
        tree.write(chip + "temp2_label", "Tdie\n");
        tree.write(chip + "temp3_input", "49500\n");
        tree.write(chip + "temp3_label", "Tccd1\n");
        ThermalCollector collector = new ThermalCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("cpu.temperature[]", 50.625);

        tree.remove(chip + "temp2_label");
        tree.remove(chip + "temp2_input");
        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("cpu.temperature[]", 77.625);
    }

    @Test
    void nothingStandsInForAZoneOfTheProcessorThatIsDamaged() throws Exception {
        zone(0, "cpu-thermal", "N/A");
        zone(1, "acpitz", "16800");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .containsOnlyKeys("thermal.zone_temp[acpitz, 1]");
    }

    @Test
    void withoutAZoneOfTheProcessorItsTemperatureIsLeftOut() throws Exception {
        zone(0, "gpu-thermal", "50000");
        ThermalCollector collector = (ThermalCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect())).containsOnlyKeys("thermal.zone_temp[gpu-thermal, 0]");
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::message)
                .containsExactly(tuple(
                        Severity.NOTE, "no thermal zone is known as the processor's, so cpu.temperature is left out"));
    }

    /** Case C18: what has a name like a processor's and is hotter. */
    @Test
    void theTemperatureOfTheProcessorIsOfNoZoneBesideIt() throws Exception {
        zone(0, "soc_battery", "30000");
        zone(1, "charger-core", "45000");
        zone(2, "cpu-vrm", "88000");
        Collector collector = collectorWithoutSource();
        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(3).doesNotContainKey("cpu.temperature[]");

        zone(3, "bcm2835_thermal", "48312");
        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(5).containsEntry("cpu.temperature[]", 48.312);
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
                "TCPU",
                "cpu_thermal_zone",
                "cpu0-thermal",
                "cpu-0-1-top-thermal",
                "cpuss0-thermal",
                "imx_thermal_zone",
                "bcm2835_thermal",
                "main0-thermal",
                "tsens_tz_sensor1",
                "sun4i_ts",
                "tj-thermal"
            })
    void knowsTheZonesOfProcessors(String type) {
        assertThat(ZoneType.of(type)).isEqualTo(ZoneType.PROCESSOR);
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
                "soc_battery",
                "charger-core",
                "cpu-vrm",
                "pmic-thermal",
                "cpu-hot",
                "nvme"
            })
    void knowsWhatIsNoneOfTheProcessor(String type) {
        assertThat(ZoneType.of(type)).isNotEqualTo(ZoneType.PROCESSOR);
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
