package io.tidewatch.collector.cpufreq;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What the kernel cools with: fans, and throttles of cores and other units.
 *
 * <p>Source: kernel documentation, ABI/testing/sysfs-class-thermal: {@code cur_state} from 0 (does nothing) to
 * {@code max_state}. The numbers of the devices move between boots; the {@code type} identifies one. Those that lower the
 * highest frequency of cores are called by drivers/thermal/cpufreq_cooling.c: {@code cpufreq-cpu0}, before Linux 5.12
 * {@code thermal-cpufreq-0}. At state 0 they allow the maximum, at any other less.
 */
final class CoolingDevices {
    private static final String PREFIX = "cooling_device";
    private static final Metric STATE = Metric.gauge(
            "thermal.cooling_state", Unit.NONE, "How hard the device cools, from 0 for not at all", "device", "type");
    private static final Metric MAXIMUM =
            Metric.gauge("thermal.cooling_max_state", Unit.NONE, "The most that the device can cool", "device", "type");

    private static final Metric THROTTLED = Metric.gauge(
            "cpu.throttled",
            Unit.NONE,
            "1 while cooling holds cores below their maximum frequency, 0 while it could and does not");

    static final List<Metric> METRICS = List.of(STATE, MAXIMUM, THROTTLED);

    private static final Pattern OF_CORES = Pattern.compile("(thermal-)?cpufreq-.+");

    private final Path folder;
    private final ProcBuffer buffer = new ProcBuffer();

    CoolingDevices(Path folder) {
        this.folder = folder;
    }

    void addTo(List<Sample> samples, Diagnostics diagnostics) throws IOException {
        boolean ofCores = false;
        boolean throttled = false;
        boolean unknown = false;
        for (NumberedFolder device : NumberedFolder.in(folder, PREFIX)) {
            String name = PREFIX + device.number();
            try {
                String type = type(buffer.readLine(device.file("type")));
                OptionalLong state = add(samples, STATE, device.file("cur_state"), name, type, diagnostics);
                add(samples, MAXIMUM, device.file("max_state"), name, type, diagnostics);
                if (OF_CORES.matcher(type).matches()) {
                    ofCores = true;
                    throttled |= state.orElse(0) > 0;
                    unknown |= state.isEmpty();
                }
            } catch (ProcFormatException e) {
                unknown = true;
                diagnostics.damaged(name, e);
            } catch (IOException e) {
                // The device went. Without its type a state says nothing.
                unknown = true;
                diagnostics.note(name, "no type of " + name);
            }
        }
        if (throttled || (ofCores && !unknown)) {
            samples.add(THROTTLED.sample(throttled ? 1.0 : 0.0));
        }
    }

    static String type(Fields type) throws ProcFormatException {
        return type.name("the type of a cooling device");
    }

    /** Adds what the file says; empty if it cannot be read. */
    private OptionalLong add(
            List<Sample> samples, Metric metric, Path file, String device, String type, Diagnostics diagnostics) {
        String subject = device + "/" + file.getFileName();
        try {
            Fields fields = buffer.readLine(file);
            long state = fields.number("a state");
            samples.add(metric.sample((double) state, device, type));
            return OptionalLong.of(state);
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject, e);
        } catch (IOException e) {
            // Its driver refuses just now.
            diagnostics.note(subject, "no reading of " + subject);
        }
        return OptionalLong.empty();
    }
}
