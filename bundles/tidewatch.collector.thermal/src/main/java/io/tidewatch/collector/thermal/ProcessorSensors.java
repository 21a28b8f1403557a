package io.tidewatch.collector.thermal;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The sensors in x86 processors that have no thermal zone.
 *
 * <p>Source: kernel documentation, hwmon/coretemp.rst, hwmon/k10temp.rst, hwmon/sysfs-interface.rst: a folder per chip with
 * its {@code name} and {@code temp<n>_input} in thousandths of a degree. Beside {@code Tdie} the sensor {@code Tctl} is no
 * temperature: some AMD processors add up to 27 degrees to it for the control of fans.
 */
final class ProcessorSensors {
    private static final Set<String> CHIPS = Set.of("coretemp", "k10temp", "k8temp", "via_cputemp", "zenpower");
    private static final Set<String> WITH_CONTROL = Set.of("k10temp", "zenpower");

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();
    private final Temperatures temperatures;

    ProcessorSensors(ProcFs procFs, Temperatures temperatures) {
        this.folder = procFs.sys("class/hwmon");
        this.temperatures = temperatures;
    }

    /** The hottest of them; empty if there is none, or none can be read. */
    OptionalDouble hottest(Diagnostics diagnostics) throws IOException {
        OptionalDouble hottest = OptionalDouble.empty();
        for (NumberedFolder chip : NumberedFolder.in(folder, "hwmon")) {
            String name = text(chip.file("name"));
            if (!CHIPS.contains(name)) {
                continue;
            }
            for (Path input : inputs(chip.path(), WITH_CONTROL.contains(name))) {
                double celsius = read(input, diagnostics);
                if (!(celsius <= hottest.orElse(Double.NEGATIVE_INFINITY))) {
                    hottest = Double.isNaN(celsius) ? hottest : OptionalDouble.of(celsius);
                }
            }
        }
        return hottest;
    }

    /** The temperatures of a chip, without the one that fans are controlled by where the real one is beside it. */
    private List<Path> inputs(Path chip, boolean withControl) throws IOException {
        List<Path> inputs = new ArrayList<>(ProcFs.list(chip));
        inputs.removeIf(file -> !file.getFileName().toString().matches("temp.*_input"));
        if (withControl && inputs.stream().anyMatch(input -> label(input).equals("Tdie"))) {
            inputs.removeIf(input -> label(input).equals("Tctl"));
        }
        return inputs;
    }

    private String label(Path input) {
        return text(input.resolveSibling(input.getFileName().toString().replace("_input", "_label")));
    }

    /** Empty if there is none, or the chip went. */
    private String text(Path file) {
        try {
            return buffer.readLine(file).rest();
        } catch (IOException e) {
            return "";
        }
    }

    /** NaN if it cannot be read just now. */
    private double read(Path input, Diagnostics diagnostics) {
        try {
            return temperatures.read(input, buffer.readLine(input));
        } catch (ProcFormatException e) {
            diagnostics.damaged(input.toString(), e);
        } catch (IOException e) {
            diagnostics.note(input.toString(), "no reading of " + input);
        }
        return Double.NaN;
    }
}
