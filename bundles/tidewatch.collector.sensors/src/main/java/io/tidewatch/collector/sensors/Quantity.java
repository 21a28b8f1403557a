package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;

/** What sensors measure, and the range of what is possible: readings outside of it are those of unconnected inputs. */
@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum Quantity {
    TEMPERATURE("temperature", Unit.CELSIUS, "Temperature at the sensor", -40, 150),
    VOLTAGE("voltage_volts", Unit.NONE, "Voltage at the sensor", -1000, 1000),
    CURRENT("current_amperes", Unit.NONE, "Current through the sensor", -1000, 1000),
    POWER("power_watts", Unit.NONE, "Power through the sensor", -100_000, 100_000),
    FAN("fan_rpm", Unit.NONE, "Revolutions of the fan per minute, 0 while it stands", 0, 100_000),
    DUTY("pwm_duty_percent", Unit.PERCENT, "Share of full power that the fan is given, 0 while it is off", 0, 100),
    UNDERVOLTAGE("undervoltage", Unit.NONE, "1 if the supply of the board was too low just now, else 0", 0, 1);

    final Metric metric;
    private final double lowest;
    private final double highest;

    Quantity(String name, Unit unit, String help, double lowest, double highest) {
        this.metric = Metric.gauge("sensor." + name, unit, help, "chip", "device", "sensor");
        this.lowest = lowest;
        this.highest = highest;
    }

    boolean isPossible(double value) {
        return value >= lowest && value <= highest;
    }

    /** Ends the sentence "expected …". */
    String range() {
        return metric.name() + " from " + (long) lowest + " to " + (long) highest;
    }
}
