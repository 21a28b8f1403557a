package io.tidewatch.collector.sensors;

import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.nio.file.Path;

/** Writes chips and power supplies into a tree. */
final class SensorTree {
    static final String HWMON = "sys/class/hwmon/hwmon";
    static final String SUPPLY = "sys/class/power_supply/";

    private final FixtureTree tree;

    SensorTree(Path folder) {
        this(FixtureTree.empty(folder));
    }

    SensorTree(FixtureTree tree) {
        this.tree = tree;
    }

    /** A chip with files and their texts, by turns; without a device if that is empty. */
    SensorTree chip(int number, String name, String device, String... files) throws IOException {
        tree.write(HWMON + number + "/name", name + "\n");
        if (!device.isEmpty()) {
            tree.link(HWMON + number + "/device", "../../../devices/" + device);
        }
        return write(HWMON + number + "/", files);
    }

    /** A supply with files and their texts, by turns. */
    SensorTree supply(String name, String... files) throws IOException {
        return write(SUPPLY + name + "/", files);
    }

    /** A channel of ina3221x in iio, as JetPack 4 has it: a link to a folder in that of the device. */
    SensorTree iio(int number, String name, String device, String... files) throws IOException {
        String folder = "devices/c240000.i2c/i2c-1/" + device + "/iio:device" + number;
        tree.write("sys/" + folder + "/name", name + "\n");
        write("sys/" + folder + "/", files);
        tree.link("sys/bus/iio/devices/iio:device" + number, "../../../" + folder);
        return this;
    }

    FixtureTree tree() {
        return tree;
    }

    private SensorTree write(String folder, String... files) throws IOException {
        for (int i = 0; i < files.length; i += 2) {
            tree.write(folder + files[i], files[i + 1] + "\n");
        }
        return this;
    }
}
