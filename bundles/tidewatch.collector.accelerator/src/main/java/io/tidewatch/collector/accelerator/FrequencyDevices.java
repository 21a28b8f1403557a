package io.tidewatch.collector.accelerator;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Devices beside the processor whose frequency the kernel scales: GPU, NPU, video cores and memory controller. Others, as
 * buses and flash of telephones, are left out.
 *
 * <p>Sources: kernel documentation, ABI/testing/sysfs-class-devfreq: {@code cur_freq} in Hz; Rockchip's kernel,
 * drivers/devfreq/devfreq.c: {@code load} as {@code 0@300000000Hz}, percent and frequency. The folder is called by
 * address and kind: {@code fb000000.gpu}, with some drivers {@code fb000000.gpu-mali} or {@code -panthor}; {@code dmc}.
 */
final class FrequencyDevices {
    private static final Pattern GPU = Pattern.compile("([0-9a-f]+\\.)?(gpu([-_][a-z0-9]+)?|mali|g[vpa][0-9]{1,2}b)");
    private static final Pattern NPU = Pattern.compile("([0-9a-f]+\\.)?npu");
    private static final Pattern VIDEO =
            Pattern.compile("[0-9a-f]+\\.(rkvenc|rkvdec|vdpu|vepu|avsd|av1d|jpeg[de]|iep)[a-z0-9-]*");
    private static final String MEMORY = "dmc";
    private static final String GPU_DEVICE = "gpu";
    private static final String NPU_DEVICE = "npu";

    /**
     * Drivers of NPU and video cores have the file and always 0 in it (get_dev_status returns at once: drivers/rknpu,
     * drivers/video/rockchip/mpp/mpp_rkvenc.c): see DebugLoads and VideoCores.
     */
    private static final Set<String> WITH_LOAD = Set.of(GPU_DEVICE, MEMORY);

    private final Path folder;
    private final CoreNames names;
    private final ProcBuffer buffer = new ProcBuffer();

    private interface Reading {
        double of(Fields fields) throws ProcFormatException;
    }

    FrequencyDevices(ProcFs procFs, CoreNames names) {
        this.folder = procFs.sys("class/devfreq");
        this.names = names;
    }

    void addTo(List<Sample> samples, Diagnostics diagnostics) throws IOException {
        devices().forEach((name, path) -> {
            if (WITH_LOAD.contains(name)) {
                add(
                        samples,
                        AcceleratorCollector.LOAD,
                        name,
                        path.resolve("load"),
                        FrequencyDevices::load,
                        diagnostics);
            }
            Path frequency = path.resolve("cur_freq");
            add(samples, AcceleratorCollector.FREQUENCY, name, frequency, FrequencyDevices::hertz, diagnostics);
        });
    }

    /** The percentage of a text as {@code 42@300000000Hz}. */
    static double load(Fields fields) throws ProcFormatException {
        return Percent.checked((double) fields.numberBefore('@'), fields);
    }

    /** NaN for 0, which no clock of a device that works has: its driver does not know yet. */
    private static double hertz(Fields fields) throws ProcFormatException {
        long hertz = fields.number("Hz");
        return hertz > 0 ? hertz : Double.NaN;
    }

    /** Folders by the short name of the device. */
    private Map<String, Path> devices() throws IOException {
        List<Path> folders = ProcFs.list(folder);
        folders.stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> VIDEO.matcher(name).matches())
                .forEach(names::learn);
        Map<String, Path> devices = new TreeMap<>();
        for (Path path : folders) {
            String device = device(path.getFileName().toString());
            if (device != null) {
                devices.putIfAbsent(device, path);
            }
        }
        return devices;
    }

    /** Null for a device that is left out. */
    private @Nullable String device(String name) {
        if (GPU.matcher(name).matches()) {
            return GPU_DEVICE;
        }
        if (NPU.matcher(name).matches()) {
            return NPU_DEVICE;
        }
        if (VIDEO.matcher(name).matches()) {
            return names.of(name);
        }
        return name.equals(MEMORY) ? MEMORY : null;
    }

    /** Adds what a file says; nothing if the kernel has no such file, or its driver refuses just now or does not know. */
    private void add(
            List<Sample> samples, Metric metric, String device, Path file, Reading reading, Diagnostics diagnostics) {
        String subject = device + "/" + file.getFileName();
        try {
            double value = reading.of(buffer.readLine(file));
            if (!Double.isNaN(value)) {
                samples.add(metric.sample(value, device));
            }
        } catch (NoSuchFileException e) {
            return;
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject, e);
        } catch (IOException e) {
            diagnostics.note(subject, "no reading of " + subject);
        }
    }
}
