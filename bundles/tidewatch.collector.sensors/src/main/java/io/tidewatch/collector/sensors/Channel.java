package io.tidewatch.collector.sensors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One sensor of a chip.
 *
 * <p>Sources: kernel documentation, hwmon/sysfs-interface.rst: {@code temp<n>_input} in m°C, {@code in<n>_input} in mV,
 * {@code curr<n>_input} in mA, {@code power<n>_input} in µW, {@code fan<n>_input} in rpm, {@code pwm<n>} from 0 to 255,
 * {@code *_label} as the driver or the device tree calls it, {@code *_fault} 1 while the reading is worth nothing;
 * ABI/testing/sysfs-bus-iio: {@code in_voltage<n>_input} in mV, {@code in_current<n>_input} in mA, {@code
 * in_power<n>_input} in mW; NVIDIA's ina3221x has the labels in {@code rail_name_<n>}.
 *
 * @param name as its files are called: {@code temp1}
 * @param file with the reading
 * @param label file with its label; null without
 * @param fault file that is 1 while it is out of order; null without
 */
record Channel(String name, Kind kind, Path file, @Nullable Path label, @Nullable Path fault) {
    /** Factor and divisor make units of the quantity of the reading. */
    record Kind(Quantity quantity, double factor, double divisor) {}

    private static final double MILLI = 1_000;

    private static final Pattern HWMON =
            Pattern.compile("(temp|in|curr|power|fan)([0-9]{1,3})_input|(pwm)([0-9]{1,3})");
    private static final Pattern IIO = Pattern.compile("(in_voltage|in_current|in_power)([0-9]{1,3})_input");

    /** The firmware of a Raspberry Pi, see raspberrypi-hwmon.c: 1 if the supply was too low within the last 2 seconds. */
    private static final String UNDERVOLTAGE_CHIP = "rpi_volt";

    private static final String UNDERVOLTAGE_FILE = "in0_lcrit_alarm";

    /** The sensors of a chip, by quantity and number. */
    static List<Channel> of(String chip, Path folder, Set<String> files) {
        List<Channel> channels = new ArrayList<>();
        for (String file : files) {
            Matcher hwmon = HWMON.matcher(file);
            Matcher iio = IIO.matcher(file);
            if (hwmon.matches()) {
                int group = hwmon.group(1) == null ? 3 : 1;
                String name = hwmon.group(group) + hwmon.group(group + 1);
                channels.add(of(hwmon.group(group), name, name + "_label", folder, file, files));
            } else if (iio.matches()) {
                String name = iio.group(1) + iio.group(2);
                channels.add(of(iio.group(1), name, "rail_name_" + iio.group(2), folder, file, files));
            } else if (file.equals(UNDERVOLTAGE_FILE) && chip.equals(UNDERVOLTAGE_CHIP)) {
                Kind kind = new Kind(Quantity.UNDERVOLTAGE, 1, 1);
                channels.add(new Channel("in0", kind, folder.resolve(file), null, null));
            }
        }
        channels.sort(Comparator.comparing(Channel::quantity)
                .thenComparing(channel -> channel.name().length())
                .thenComparing(Channel::name));
        return channels;
    }

    private static Channel of(String prefix, String name, String label, Path folder, String file, Set<String> files) {
        return new Channel(
                name,
                kind(prefix),
                folder.resolve(file),
                existing(label, folder, files),
                existing(name + "_fault", folder, files));
    }

    Quantity quantity() {
        return kind.quantity();
    }

    double value(double raw) {
        return raw * kind.factor() / kind.divisor();
    }

    /** Whether the reading may have a fraction, as those of iio: {@code 2.537500000}. */
    boolean mayHaveFraction() {
        return name.startsWith("in_");
    }

    private static Kind kind(String prefix) {
        return switch (prefix) {
            case "temp" -> new Kind(Quantity.TEMPERATURE, 1, MILLI);
            case "in", "in_voltage" -> new Kind(Quantity.VOLTAGE, 1, MILLI);
            case "curr", "in_current" -> new Kind(Quantity.CURRENT, 1, MILLI);
            case "power" -> new Kind(Quantity.POWER, 1, 1e6);
            case "in_power" -> new Kind(Quantity.POWER, 1, MILLI);
            case "fan" -> new Kind(Quantity.FAN, 1, 1);
            default -> new Kind(Quantity.DUTY, 100, 255);
        };
    }

    private static @Nullable Path existing(String file, Path folder, Set<String> files) {
        return files.contains(file) ? folder.resolve(file) : null;
    }
}
