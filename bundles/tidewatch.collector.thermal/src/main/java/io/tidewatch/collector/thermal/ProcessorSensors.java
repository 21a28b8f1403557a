package io.tidewatch.collector.thermal;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The sensors in x86 processors that have no thermal zone.
 *
 * <p>Source: kernel documentation, hwmon/coretemp.rst, hwmon/k10temp.rst, hwmon/sysfs-interface.rst: a folder per chip with
 * its {@code name} and {@code temp<n>_input} in thousandths of a degree.
 */
final class ProcessorSensors {
    private static final Set<String> CHIPS = Set.of("coretemp", "k10temp", "k8temp", "via_cputemp", "zenpower");

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
            if (!isProcessor(chip)) {
                continue;
            }
            try (DirectoryStream<Path> inputs = Files.newDirectoryStream(chip.path(), "temp*_input")) {
                for (Path input : inputs) {
                    double celsius = read(input, diagnostics);
                    if (!(celsius <= hottest.orElse(Double.NEGATIVE_INFINITY))) {
                        hottest = Double.isNaN(celsius) ? hottest : OptionalDouble.of(celsius);
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw new IOException(chip.path() + " cannot be listed", e);
            }
        }
        return hottest;
    }

    private boolean isProcessor(NumberedFolder chip) {
        try {
            return CHIPS.contains(buffer.readLine(chip.file("name")).rest());
        } catch (IOException e) {
            // The chip went.
            return false;
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
