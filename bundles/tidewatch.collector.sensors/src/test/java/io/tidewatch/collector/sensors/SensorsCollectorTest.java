package io.tidewatch.collector.sensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensorsCollectorTest implements RealMachineContract, DocumentedCollector {
    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        new SensorTree(folder)
                .chip(0, "nvme", "nvme0", "temp1_input", "38850", "temp1_label", "Composite")
                .chip(1, "ina226", "1-0040", "in1_input", "12220", "curr1_input", "1650", "power1_input", "20163000")
                .chip(2, "pwmfan", "pwm-fan", "fan1_input", "3120", "pwm1", "120")
                .chip(3, "rpi_volt", "raspberrypi-hwmon", "in0_lcrit_alarm", "1")
                .supply("BAT0", "type", "Battery", "status", "Discharging", "capacity", "87", "online", "1")
                .supply("BAT0", "voltage_now", "12054000", "current_now", "-1250000")
                .supply("tcpm-source-psy-4-0022", "voltage_now", "20000000", "current_now", "3000000");
        return collectorWithoutSource();
    }

    @Override
    public Collector collectorWithoutSource() {
        return collectorOn(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return collector(procFs, Map.of());
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        // Virtual machines have none of them; on others it would have to be the same code to find out.
        String sources = RealMachine.run(
                "sh", "-c", "ls -d /sys/class/hwmon/hwmon* /sys/class/power_supply/* 2>/dev/null || true");
        return !sources.isEmpty()
                && RealMachine.valuesOf(collectorOn(RealMachine.procFs()).collect()).keySet().stream()
                        .anyMatch(key -> key.startsWith(metric.name() + "["));
    }

    @Test
    void reportsEveryKindOfSensorInItsUnit() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .hasSize(14)
                .containsEntry("sensor.temperature[nvme, nvme0, Composite]", 38.85)
                .containsEntry("sensor.voltage_volts[ina226, 1-0040, bus]", 12.22)
                .containsEntry("sensor.current_amperes[ina226, 1-0040, curr1]", 1.65)
                .containsEntry("sensor.power_watts[ina226, 1-0040, power1]", 20.163)
                .containsEntry("sensor.fan_rpm[pwmfan, pwm-fan, fan1]", 3120.0)
                .containsEntry("sensor.pwm_duty_percent[pwmfan, pwm-fan, pwm1]", 120 * 100 / 255.0)
                .containsEntry("sensor.undervoltage[rpi_volt, raspberrypi-hwmon, in0]", 1.0)
                .containsEntry("power_supply.online[BAT0, Battery]", 1.0)
                .containsEntry("power_supply.capacity_percent[BAT0, Battery]", 87.0)
                .containsEntry("power_supply.voltage_volts[BAT0, Battery]", 12.054)
                .containsEntry("power_supply.current_amperes[BAT0, Battery]", -1.25)
                .containsEntry("power_supply.negotiated_voltage_volts[tcpm-source-psy-4-0022, Unknown]", 20.0)
                .containsEntry("power_supply.negotiated_current_amperes[tcpm-source-psy-4-0022, Unknown]", 3.0)
                .containsKey("power_supply.status[BAT0, Battery]");
    }

    /** The numbers of chips are others after a boot; a device is not. */
    @Test
    void chipsOfOneNameKeepTheirSeriesWhateverTheirNumber() throws Exception {
        SensorTree tree = new SensorTree(folder)
                .chip(1, "nvme", "nvme0", "temp1_input", "38850")
                .chip(2, "nvme", "nvme1", "temp1_input", "41850");
        Map<String, Double> before =
                RealMachine.valuesOf(collectorWithoutSource().collect());

        tree.chip(2, "nvme", "nvme0", "temp1_input", "38850").chip(1, "nvme", "nvme1", "temp1_input", "41850");

        assertThat(before)
                .isEqualTo(Map.of(
                        "sensor.temperature[nvme, nvme0, temp1]", 38.85,
                        "sensor.temperature[nvme, nvme1, temp1]", 41.85))
                .isEqualTo(RealMachine.valuesOf(collectorWithoutSource().collect()));
    }

    @Test
    void ofChipsThatNothingTellsApartOneIsReported() throws Exception {
        new SensorTree(folder).chip(0, "fake", "", "in0_input", "1").chip(1, "fake", "", "in0_input", "2");
        SensorsCollector collector = (SensorsCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys("sensor.voltage_volts[fake, virtual, in0]");
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(
                        Severity.NOTE,
                        "fake on virtual",
                        "there are several chips fake on virtual, of which one is reported"));
    }

    @Test
    void ofEqualLabelsTheSecondIsTheChannel() throws Exception {
        new SensorTree(folder)
                .chip(0, "x", "d", "temp1_input", "1000", "temp1_label", "Core", "temp2_input", "2000")
                .chip(0, "x", "d", "temp2_label", "Core", "in1_input", "3000", "in1_label", "Core")
                .chip(0, "x", "d", "temp10_input", "10000", "temp10_label", "Core");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.temperature[x, d, Core]", 1.0,
                        "sensor.temperature[x, d, temp2]", 2.0,
                        "sensor.temperature[x, d, temp10]", 10.0,
                        "sensor.voltage_volts[x, d, Core]", 3.0));
    }

    /** The zones are thermal's, in the name of the older kernels and by the device of the newer ones. */
    @Test
    void theChipOfAThermalZoneIsNotReported() throws Exception {
        SensorTree tree = new SensorTree(folder)
                .chip(0, "soc_thermal", "", "temp1_input", "44384")
                .chip(1, "gpu_thermal", "thermal_zone5", "temp1_input", "43461")
                .chip(2, "bigcore0_thermal", "", "temp1_input", "45307");
        tree.tree().write("sys/class/thermal/thermal_zone0/type", "soc-thermal\n");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of("sensor.temperature[bigcore0_thermal, virtual, temp1]", 45.307));
    }

    /** The supply is reported by itself, in µV, and once. */
    @Test
    void theChipOfAPowerSupplyHasWhatTheSupplyHasNot() throws Exception {
        new SensorTree(folder)
                .chip(
                        0,
                        "tcpm_source_psy_4_0022",
                        "tcpm-source-psy-4-0022",
                        "in0_input",
                        "20000",
                        "curr1_input",
                        "3000")
                .chip(1, "BAT0", "BAT0", "in0_input", "12054", "temp1_input", "31200")
                .supply("tcpm-source-psy-4-0022", "type", "USB", "online", "2", "voltage_now", "20000000")
                .supply("BAT0", "type", "Battery", "voltage_now", "12054000");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.temperature[BAT0, BAT0, temp1]", 31.2,
                        "power_supply.online[tcpm-source-psy-4-0022, USB]", 1.0,
                        "power_supply.negotiated_voltage_volts[tcpm-source-psy-4-0022, USB]", 20.0,
                        "power_supply.voltage_volts[BAT0, Battery]", 12.054));
    }

    @Test
    void theVoltageAcrossAShuntIsNotThatOfTheBus() throws Exception {
        new SensorTree(folder)
                .chip(0, "ina219", "1-0041", "in0_input", "8", "in1_input", "5004")
                .chip(1, "simple_vin", "simple-vin", "in0_input", "12220", "in1_input", "7");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.voltage_volts[ina219, 1-0041, shunt]", 0.008,
                        "sensor.voltage_volts[ina219, 1-0041, bus]", 5.004,
                        "sensor.voltage_volts[simple_vin, simple-vin, in0]", 12.22,
                        "sensor.voltage_volts[simple_vin, simple-vin, in1]", 0.007));
    }

    /** JetPack 4: processed channels of iio; the raw ones of other converters mean nothing without their scale. */
    @Test
    void readsTheRailsOfAJetson() throws Exception {
        new SensorTree(folder)
                .iio(0, "ina3221x", "6-0040", "in_voltage0_input", "5012", "in_current0_input", "1234")
                .iio(0, "ina3221x", "6-0040", "in_power0_input", "6184", "rail_name_0", "POM_5V_IN")
                .iio(1, "ina3221x", "6-0041", "in_voltage0_input", "4976", "in_voltage1_input", "-32768")
                .iio(2, "saradc", "fec10000.saradc", "in_voltage0_raw", "4093");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.voltage_volts[ina3221x, 6-0040, POM_5V_IN]", 5.012,
                        "sensor.current_amperes[ina3221x, 6-0040, POM_5V_IN]", 1.234,
                        "sensor.power_watts[ina3221x, 6-0040, POM_5V_IN]", 6.184,
                        "sensor.voltage_volts[ina3221x, 6-0041, in_voltage0]", 4.976));
    }

    /** As max9611 writes them: IIO_VAL_FRACTIONAL, nine digits behind the point. */
    @Test
    void readsFractionsOfIio() throws Exception {
        new SensorTree(folder)
                .iio(0, "max9611", "6-007f", "in_voltage0_input", "2.500000000", "in_current0_input", "-0.500000000")
                .iio(0, "max9611", "6-007f", "in_power0_input", "6184.250000000", "in_voltage1_input", "2..5");
        SensorsCollector collector = (SensorsCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "sensor.voltage_volts[max9611, 6-007f, in_voltage0]", 0.0025,
                        "sensor.current_amperes[max9611, 6-007f, in_current0]", -0.0005,
                        "sensor.power_watts[max9611, 6-007f, in_power0]", 6.18425));
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::subject)
                .containsExactly(tuple(Severity.DAMAGED, "max9611 6-007f in_voltage1"));
    }

    /** JetPack 5 and 6: hwmon, without labels for the shunts. */
    @Test
    void readsTheRailsOfANewerJetson() throws Exception {
        new SensorTree(folder)
                .chip(4, "ina3221", "1-0040", "in1_input", "5032", "in1_label", "VDD_IN", "curr1_input", "1032")
                .chip(4, "ina3221", "1-0040", "in4_input", "5", "in6_input", "2", "in7_input", "8")
                .chip(4, "ina3221", "1-0040", "curr1_label", "VDD_IN", "in7_label", "sum of shunt voltages");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.voltage_volts[ina3221, 1-0040, VDD_IN]", 5.032,
                        "sensor.current_amperes[ina3221, 1-0040, VDD_IN]", 1.032,
                        "sensor.voltage_volts[ina3221, 1-0040, shunt1]", 0.005,
                        "sensor.voltage_volts[ina3221, 1-0040, shunt3]", 0.002,
                        "sensor.voltage_volts[ina3221, 1-0040, sum of shunt voltages]", 0.008));
    }

    @Test
    void readsAServerWithAnAmdProcessor() throws Exception {
        new SensorTree(folder)
                .chip(0, "k10temp", "0000:00:18.3", "temp1_input", "51625", "temp1_label", "Tctl")
                .chip(0, "k10temp", "0000:00:18.3", "temp3_input", "49500", "temp3_label", "Tccd1")
                .chip(1, "k10temp", "0000:00:19.3", "temp1_input", "48250", "temp1_label", "Tctl")
                .chip(2, "nvme", "nvme0", "temp1_input", "38850", "temp1_label", "Composite", "temp1_alarm", "0")
                .chip(2, "nvme", "nvme0", "temp1_max", "81850", "temp1_crit", "84850");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "sensor.temperature[k10temp, 0000:00:18.3, Tctl]", 51.625,
                        "sensor.temperature[k10temp, 0000:00:18.3, Tccd1]", 49.5,
                        "sensor.temperature[k10temp, 0000:00:19.3, Tctl]", 48.25,
                        "sensor.temperature[nvme, nvme0, Composite]", 38.85));
    }

    /** Off is 0; absent has no file; what cannot be read is unknown. */
    @Test
    void aFanIsOffOrAbsentOrUnknown() throws Exception {
        SensorTree tree = new SensorTree(folder)
                .chip(0, "pwmfan", "pwm-fan", "pwm1", "0", "fan1_input", "0")
                .chip(1, "emc2301", "6-002f", "fan1_input", "1200", "fan1_fault", "1", "pwm1", "255");
        tree.tree().makeUnreadable(SensorTree.HWMON + "2/pwm1");
        tree.chip(2, "gpio_fan", "gpio-fan");
        SensorsCollector collector = (SensorsCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "sensor.pwm_duty_percent[pwmfan, pwm-fan, pwm1]", 0.0,
                        "sensor.fan_rpm[pwmfan, pwm-fan, fan1]", 0.0,
                        "sensor.pwm_duty_percent[emc2301, 6-002f, pwm1]", 100.0));
        assertThat(collector.diagnostics())
                .containsExactly(
                        new Diagnostic(
                                Severity.NOTE,
                                "emc2301 6-002f fan1",
                                "emc2301 6-002f fan1 is out of order, says its driver"),
                        new Diagnostic(
                                Severity.NOTE, "gpio_fan gpio-fan pwm1", "no reading of gpio_fan gpio-fan pwm1"));
    }

    @ParameterizedTest
    @CsvSource({
        "temp1_input, 150001, NOTE, expected sensor.temperature from -40 to 150",
        "temp1_input, -40001, NOTE, expected sensor.temperature from -40 to 150",
        "temp1_input, -32768, NOTE, found '-32768'",
        "in1_input, 4294967295, NOTE, expected sensor.voltage_volts from -1000 to 1000",
        "fan1_input, -1, NOTE, expected sensor.fan_rpm from 0 to 100000",
        "pwm1, 256, NOTE, expected sensor.pwm_duty_percent from 0 to 100",
        "temp1_input, N/A, DAMAGED, found 'N/A'",
        "temp1_input, '', DAMAGED, expected a number",
        "temp1_input, 18446744073709346016, DAMAGED, expected a number below 2^63",
        "temp1_fault, x, DAMAGED, found 'x'",
        "temp1_label, '', DAMAGED, expected a label"
    })
    void whatIsNotPossibleCostsItselfOnly(String file, String text, Severity severity, String message)
            throws Exception {
        SensorTree tree = new SensorTree(folder)
                .chip(0, "nct6798", "nct6775.656", "temp1_input", "30000", "temp2_input", "31000", "temp1_label", "CPU")
                .chip(0, "nct6798", "nct6775.656", "in1_input", "1008", "fan1_input", "900", "pwm1", "51")
                .chip(0, "nct6798", "nct6775.656", "temp1_fault", "0");
        SensorsCollector collector = (SensorsCollector) collectorWithoutSource();
        Map<String, Double> whole = RealMachine.valuesOf(collector.collect());
        assertThat(whole).hasSize(5);
        assertThat(collector.diagnostics()).isEmpty();

        tree.chip(0, "nct6798", "nct6775.656", file, text);
        Map<String, Double> left = RealMachine.valuesOf(collector.collect());

        assertThat(left).hasSize(4);
        assertThat(whole).containsAllEntriesOf(left);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(severity);
            assertThat(diagnostic.subject()).isEqualTo("nct6798 nct6775.656 " + file.replaceFirst("_.*", ""));
            assertThat(diagnostic.message()).contains(message);
        });
    }

    /** A board without a driver that knows, and a mouse. */
    @Test
    void reportsOfASupplyWhatItHas() throws Exception {
        SensorTree tree = new SensorTree(folder)
                .supply("AC", "type", "Mains", "online", "0")
                .supply("hidpp_battery_0", "type", "Battery", "scope", "Device", "capacity", "55", "online", "1")
                .supply("ups", "type", "UPS", "status", "Unknown", "capacity", "101", "voltage_now", "N/A");
        tree.tree().makeUnreadable(SensorTree.SUPPLY + "ups/current_now");
        SensorsCollector collector = (SensorsCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect())).isEqualTo(Map.of("power_supply.online[AC, Mains]", 0.0));
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::subject)
                .containsExactly(
                        tuple(Severity.DAMAGED, "ups/capacity"),
                        tuple(Severity.DAMAGED, "ups/voltage_now"),
                        tuple(Severity.NOTE, "ups/current_now"));
    }

    @Test
    void theStatusOfABatteryIsAText() throws Exception {
        assertThat(typicalCollector().collect())
                .filteredOn(sample -> sample.metric().name().equals("power_supply.status"))
                .singleElement()
                .satisfies(sample -> assertThat(sample.text()).isEqualTo("Discharging"));
    }

    @Test
    void reportsTheChipsOfTheConfigurationAndNamesTheOthers() throws Exception {
        typicalCollector();
        SensorsCollector collector =
                collector(FixtureTree.empty(folder).procFs(), Map.of("exclude", ".*", "include", "ina.*, BAT0"));

        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .hasSize(8)
                .allMatch(key -> key.contains("[ina226, ") || key.contains("[BAT0, "));
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(Severity.NOTE, "exclude", "excluded: nvme, pwmfan, rpi_volt"));
    }

    @Test
    void reportsAsManySensorsAsItMay() throws Exception {
        typicalCollector();
        SensorsCollector collector = collector(FixtureTree.empty(folder).procFs(), Map.of("max.sensors", "3"));

        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .filteredOn(key -> key.startsWith("sensor"))
                .hasSize(3)
                .allMatch(key -> key.contains("[ina226, "));
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(
                        Severity.LIMITED,
                        "max.sensors",
                        "4 of 7 sensors are not reported, as there are more than max.sensors=3; exclude chips, or raise"
                                + " it"));
    }

    @Test
    void keepsTheLastGoodConfiguration() throws Exception {
        typicalCollector();
        SensorsCollector collector = collector(FixtureTree.empty(folder).procFs(), Map.of("max.sensors", "3"));

        collector.reconfigure(
                TypedConfiguration.of(SensorsCollector.Config.class, Map.of("max.sensors", "0", "exclude", "[")));

        assertThat(collector.rejectedSettings())
                .extracting(InvalidSettingException::key)
                .containsExactly("exclude", "max.sensors");
        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .filteredOn(key -> key.startsWith("sensor"))
                .hasSize(3);
    }

    private static SensorsCollector collector(ProcFs procFs, Map<String, String> written) {
        return new SensorsCollector(procFs, TypedConfiguration.of(SensorsCollector.Config.class, written));
    }
}
