package io.tidewatch.collector.hdmi;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The HDMI inputs of the machine: video devices of the drivers of known receivers.
 *
 * <p>Source: {@code /sys/class/video4linux/video<n>/name} of the kernel. The receiver of the RK3588 is {@code stream_hdmirx} with the
 * vendor's kernel, {@code snps_hdmirx} with mainline.
 */
final class HdmiInputs {
    /**
     * @param name of its driver, with a suffix if there are several; the same across boots, other than the number of
     *     its device
     * @param device its file in /dev
     * @param listed whether the kernel lists the device, as far as its path says; if not, no right is missing
     */
    record HdmiInput(String name, Path device, boolean listed) {}

    private static final Set<String> DRIVERS = Set.of("rk_hdmirx", "stream_hdmirx", "snps_hdmirx");

    private static final String PREFIX = "video";

    /** Other files of /dev are links, whose device is not known. */
    private static final Pattern NUMBERED = Pattern.compile(PREFIX + "[0-9]{1,9}");

    private final Path folder;
    private final Path devices;
    private final ProcBuffer buffer = new ProcBuffer();

    /** @param devices the folder /dev */
    HdmiInputs(ProcFs procFs, Path devices) {
        this.folder = procFs.sys("class/video4linux");
        this.devices = devices;
    }

    /** Returns those that are there, by number: of known drivers, or the chosen one if that is not empty. */
    List<HdmiInput> find(String chosen, Diagnostics diagnostics) throws IOException {
        Map<Path, String> names = names(diagnostics, chosen.isEmpty());
        if (!chosen.isEmpty()) {
            Path device = Path.of(chosen);
            String file = device.getFileName().toString();
            String name = names.getOrDefault(devices.resolve(file), "");
            boolean listed = !name.isEmpty()
                    || !device.equals(devices.resolve(file))
                    || !NUMBERED.matcher(file).matches();
            return List.of(new HdmiInput(name.isEmpty() ? file : name, device, listed));
        }
        List<HdmiInput> inputs = new ArrayList<>();
        Map<String, Integer> count = new HashMap<>();
        names.forEach((device, name) -> {
            if (DRIVERS.contains(name)) {
                int number = count.merge(name, 1, Integer::sum);
                inputs.add(new HdmiInput(number == 1 ? name : name + "-" + number, device, true));
            }
        });
        return inputs;
    }

    private Map<Path, String> names(Diagnostics diagnostics, boolean report) throws IOException {
        Map<Path, String> names = new LinkedHashMap<>();
        for (NumberedFolder video : NumberedFolder.in(folder, PREFIX)) {
            String subject = PREFIX + video.number();
            try {
                Fields name = buffer.readLine(video.file("name"));
                names.put(devices.resolve(subject), name.name("the name of " + subject));
            } catch (NoSuchFileException e) {
                // It went since.
                names.remove(devices.resolve(subject));
            } catch (IOException e) {
                if (report) {
                    diagnostics.damaged(subject, e);
                }
            }
        }
        return names;
    }
}
