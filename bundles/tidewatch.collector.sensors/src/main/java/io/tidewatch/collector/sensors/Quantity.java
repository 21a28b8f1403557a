package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.Arrays;
import java.util.List;

/** What sensors measure, and the range of what is possible: readings outside of it are those of unconnected inputs. */
@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum Quantity {
    /** Degrees Celsius. */
    TEMPERATURE("temperature", Unit.CELSIUS, "Temperature at the sensor", -40, 150),
    /** Volts. */
    VOLTAGE("voltage_volts", Unit.NONE, "Voltage at the sensor", -1000, 1000),
    /** Amperes. */
    CURRENT("current_amperes", Unit.NONE, "Current through the sensor", -1000, 1000),
    /** Watts. */
    POWER("power_watts", Unit.NONE, "Power through the sensor", -100_000, 100_000),
    /** Revolutions per minute. */
    FAN("fan_rpm", Unit.NONE, "Revolutions of the fan per minute, 0 while it stands", 0, 100_000),
    /** Percent of the full power. */
    DUTY("pwm_duty_percent", Unit.PERCENT, "Share of full power that the fan is given, 0 while it is off", 0, 100),
    /** 0 or 1. */
    UNDERVOLTAGE("undervoltage", Unit.NONE, "1 if the supply of the board was too low just now, else 0", 0, 1);

    private final Metric metric;
    private final double lowest;
    private final double highest;

    Quantity(String name, Unit unit, String help, double lowest, double highest) {
        this.metric = Metric.gauge("sensor." + name, unit, help, "chip", "device", "sensor");
        this.lowest = lowest;
        this.highest = highest;
    }

    /** Its metric, with the tags chip, device and sensor. */
    Metric metric() {
        return metric;
    }

    /** Whether a sensor can measure the value. */
    boolean isPossible(double value) {
        return value >= lowest && value <= highest;
    }

    /** Ends the sentence "expected …". */
    String range() {
        return metric.name() + " from " + (long) lowest + " to " + (long) highest;
    }

    /** All metrics. */
    static List<Metric> metrics() {
        return Arrays.stream(values()).map(Quantity::metric).toList();
    }
}
