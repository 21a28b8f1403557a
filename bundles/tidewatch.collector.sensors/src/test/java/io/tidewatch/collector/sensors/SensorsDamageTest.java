package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DamageContract;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.util.List;

class SensorsDamageTest implements DamageContract {
    @Override
    public void write(FixtureTree tree, int pass) throws IOException {
        new SensorTree(tree)
                .chip(0, "nvme", "nvme0", "temp1_input", "38850", "temp2_input", "41850")
                .chip(1, "ina226", "1-0040", "in1_input", "12220", "curr1_input", "1650", "power1_input", "20163000")
                .chip(2, "pwmfan", "pwm-fan", "fan1_input", "3120", "pwm1", "120")
                .supply("BAT0", "type", "Battery", "capacity", "87", "online", "1")
                .supply("BAT0", "voltage_now", "12054000", "current_now", "-1250000");
    }

    @Override
    public Collector collector(ProcFs procFs) {
        return new SensorsCollector(procFs, TypedConfiguration.of(SensorsCollector.Config.class));
    }

    /** Of names, types and labels any text is one. */
    @Override
    public List<Row> rows() {
        String hwmon = SensorTree.HWMON;
        String battery = SensorTree.SUPPLY + "BAT0/";
        return List.of(
                new Row(hwmon + "0/temp1_input", 0, "sensor.temperature.* temp1]"),
                new Row(hwmon + "0/temp2_input", 0, "sensor.temperature.* temp2]"),
                new Row(hwmon + "1/in1_input", 0, "sensor.voltage_volts.*"),
                new Row(hwmon + "1/curr1_input", 0, "sensor.current_amperes.*"),
                new Row(hwmon + "1/power1_input", 0, "sensor.power_watts.*"),
                new Row(hwmon + "2/fan1_input", 0, "sensor.fan_rpm.*"),
                new Row(hwmon + "2/pwm1", 0, "sensor.pwm_duty_percent.*"),
                new Row(battery + "capacity", 0, "power_supply.capacity_percent.*"),
                new Row(battery + "online", 0, "power_supply.online.*"),
                new Row(battery + "voltage_now", 0, "power_supply.voltage_volts.*"),
                new Row(battery + "current_now", 0, "power_supply.current_amperes.*"));
    }
}
