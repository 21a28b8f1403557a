package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Batteries, chargers and USB-C ports that power the machine. Batteries of mice and headsets are left out.
 *
 * <p>Source: kernel documentation, ABI/testing/sysfs-class-power: {@code online} 0, 1 (fixed) or 2 (programmable), {@code
 * capacity} in percent, {@code voltage_now} in µV, {@code current_now} in µA, {@code status} in words, {@code scope}
 * {@code Device} for what powers something else than the machine. Of a USB-C port ({@code tcpm-source-psy-…}, {@code
 * ucsi-source-psy-…}: drivers/usb/typec/tcpm/tcpm.c, ucsi/psy.c) voltage and current are what was negotiated, not what was
 * measured.
 */
final class PowerSupplies {
    /** Below /sys. */
    static final String FOLDER = "class/power_supply";

    private static final String[] TAGS = {"supply", "type"};
    private static final Metric ONLINE =
            Metric.gauge("power_supply.online", Unit.NONE, "1 while the supply has power, else 0", TAGS);
    private static final Metric CAPACITY =
            Metric.gauge("power_supply.capacity_percent", Unit.PERCENT, "Charge of the battery", TAGS);
    private static final Metric VOLTAGE =
            Metric.gauge("power_supply.voltage_volts", Unit.NONE, "Voltage of the supply", TAGS);
    private static final Metric CURRENT = Metric.gauge(
            "power_supply.current_amperes", Unit.NONE, "Current of the supply; its driver chooses the sign", TAGS);
    private static final Metric NEGOTIATED_VOLTAGE = Metric.gauge(
            "power_supply.negotiated_voltage_volts", Unit.NONE, "Voltage that a USB-C port agreed on", TAGS);
    private static final Metric NEGOTIATED_CURRENT = Metric.gauge(
            "power_supply.negotiated_current_amperes", Unit.NONE, "Current that a USB-C port may draw", TAGS);
    private static final Metric STATUS = Metric.text(
            "power_supply.status", "Charging, Discharging, Not charging or Full, as the driver says it", TAGS);

    static final List<Metric> METRICS =
            List.of(ONLINE, CAPACITY, VOLTAGE, CURRENT, NEGOTIATED_VOLTAGE, NEGOTIATED_CURRENT, STATUS);

    private static final int MOST_SUPPLIES = 32;
    private static final double MICRO = 1_000_000;
    private static final double MOST_VOLTS = 1000;
    private static final Pattern USB_C_PORT = Pattern.compile("(tcpm|ucsi)-source-psy-.*");
    private static final String UNKNOWN = "Unknown";

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    private interface Reading<T> {
        T of(Fields fields) throws ProcFormatException;
    }

    PowerSupplies(ProcFs procFs) {
        folder = procFs.sys(FOLDER);
    }

    void addTo(List<Sample> samples, NameFilter filter, Diagnostics diagnostics) throws IOException {
        for (Path supply : ProcFs.list(folder).stream().limit(MOST_SUPPLIES).toList()) {
            String name = supply.getFileName().toString();
            if (filter.accepts(name) && !"Device".equals(text(supply, "scope", diagnostics))) {
                String type = text(supply, "type", diagnostics);
                add(samples, supply, name, type == null ? UNKNOWN : type, diagnostics);
            }
        }
    }

    private void add(List<Sample> samples, Path supply, String name, String type, Diagnostics diagnostics) {
        boolean negotiated = USB_C_PORT.matcher(name).matches();
        Double online = number(supply, "online", 1, 0, 2, diagnostics);
        add(samples, ONLINE, online == null ? null : Math.min(online, 1), name, type);
        add(samples, CAPACITY, number(supply, "capacity", 1, 0, 100, diagnostics), name, type);
        Double volts = number(supply, "voltage_now", MICRO, -MOST_VOLTS, MOST_VOLTS, diagnostics);
        add(samples, negotiated ? NEGOTIATED_VOLTAGE : VOLTAGE, volts, name, type);
        Double amperes = number(supply, "current_now", MICRO, -MOST_VOLTS, MOST_VOLTS, diagnostics);
        add(samples, negotiated ? NEGOTIATED_CURRENT : CURRENT, amperes, name, type);
        String status = text(supply, "status", diagnostics);
        if (status != null && !status.equals(UNKNOWN)) {
            samples.add(STATUS.sample(status, name, type));
        }
    }

    private static void add(List<Sample> samples, Metric metric, @Nullable Double value, String name, String type) {
        if (value != null) {
            samples.add(metric.sample(value, name, type));
        }
    }

    private @Nullable Double number(
            Path supply, String file, double scale, double lowest, double highest, Diagnostics diagnostics) {
        return read(
                supply,
                file,
                fields -> {
                    double value = Readings.signed(fields) / scale;
                    if (value < lowest || value > highest) {
                        throw fields.rejected(
                                "a number from " + (long) (lowest * scale) + " to " + (long) (highest * scale));
                    }
                    return value;
                },
                diagnostics);
    }

    private @Nullable String text(Path supply, String file, Diagnostics diagnostics) {
        return read(supply, file, fields -> fields.name("a word"), diagnostics);
    }

    /** Null if the supply has no such file, or it says nothing. */
    private <T> @Nullable T read(Path supply, String file, Reading<T> reading, Diagnostics diagnostics) {
        String subject = supply.getFileName() + "/" + file;
        try {
            return reading.of(buffer.readLine(supply.resolve(file)));
        } catch (NoSuchFileException e) {
            return null;
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject, e);
        } catch (IOException e) {
            // Its driver refuses just now.
            diagnostics.note(subject, "no reading of " + subject);
        }
        return null;
    }
}
