package io.tidewatch.collector.sensors;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.procfs.NumberedFolder;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The chips with sensors that are there now. The kernel numbers them in the order in which it finds them, so a number may
 * be another chip's after a boot: chips of one name are distinguished by their device, where the link {@code device} of
 * their folder points to. Without the link the kernel made them up ({@code /sys/devices/virtual}).
 *
 * <p>Left out is what another metric has: the temperature of a thermal zone (drivers/thermal/thermal_hwmon.c, a chip with
 * the type of the zone as name), and voltage and current of a power supply (power_supply_hwmon.c).
 *
 * <p>Source: kernel documentation, hwmon/sysfs-interface.rst.
 */
final class Chips {
    /**
     * @param name as its driver calls it: {@code k10temp}
     * @param device what it is or sits on, the same after each boot: {@code 0000:00:18.3}, {@code 1-0040}, {@code
     *     nvme0}
     */
    record Chip(String name, String device, List<Channel> channels) {
        Chip first(int most) {
            return new Chip(name, device, channels.subList(0, Math.min(channels.size(), most)));
        }
    }

    private static final String VIRTUAL = "virtual";
    private static final String THERMAL_ZONE = "thermal_zone";

    private final ProcFs procFs;
    private final ProcBuffer buffer = new ProcBuffer();

    Chips(ProcFs procFs) {
        this.procFs = procFs;
    }

    /** The chips, by name and device. */
    List<Chip> present(NameFilter filter, Diagnostics diagnostics) throws IOException {
        List<Chip> chips = new ArrayList<>();
        Set<String> excluded = new TreeSet<>();
        Set<String> zones = new HashSet<>();
        for (NumberedFolder folder : folders()) {
            String subject = folder.path().getFileName().toString();
            try {
                String name = buffer.readLine(folder.file("name")).name("the name of a chip");
                subject = subject + " (" + name + ")";
                String device = device(folder.path());
                if (!filter.accepts(name)) {
                    excluded.add(name);
                    continue;
                }
                if (device.equals(VIRTUAL) && zones.isEmpty()) {
                    zones.addAll(typesOfZones());
                }
                if (!device.startsWith(THERMAL_ZONE) && !(device.equals(VIRTUAL) && zones.contains(name))) {
                    chips.add(new Chip(name, device, channels(name, device, folder.path())));
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject, e);
            } catch (IOException e) {
                // Without a name, as while the chip goes, a number says nothing.
                if (!(e instanceof NoSuchFileException)) {
                    diagnostics.note(subject, "no sensors of " + subject);
                }
            }
        }
        diagnostics.noteNames("exclude", "excluded", excluded);
        return distinct(chips, diagnostics);
    }

    private List<NumberedFolder> folders() throws IOException {
        List<NumberedFolder> folders = new ArrayList<>(NumberedFolder.in(procFs.sys("class/hwmon"), "hwmon"));
        folders.addAll(NumberedFolder.in(procFs.sys("bus/iio/devices"), "iio:device"));
        return folders;
    }

    private List<Channel> channels(String name, String device, Path folder) throws IOException {
        Set<String> files = new HashSet<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            children.forEach(child -> files.add(child.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        List<Channel> channels = Channel.of(name, folder, files);
        if (Files.isDirectory(procFs.sys(PowerSupplies.FOLDER).resolve(device))) {
            channels.removeIf(
                    channel -> channel.quantity() == Quantity.VOLTAGE || channel.quantity() == Quantity.CURRENT);
        }
        return channels;
    }

    /** The device of a chip of hwmon; that of one of iio is the folder that its folder, a link itself, lies in. */
    private static String device(Path folder) throws IOException {
        try {
            return lastName(Files.readSymbolicLink(folder.resolve("device")));
        } catch (NoSuchFileException e) {
            boolean iio = folder.getFileName().toString().startsWith("iio");
            return iio ? lastName(folder.toRealPath().resolveSibling(".").normalize()) : VIRTUAL;
        }
    }

    private static String lastName(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** As their chips are called: hwmon knows no dash. */
    private Set<String> typesOfZones() throws IOException {
        Set<String> types = new HashSet<>();
        for (NumberedFolder zone : NumberedFolder.in(procFs.sys("class/thermal"), THERMAL_ZONE)) {
            String type = type(zone);
            types.add(type);
            types.add(type.replace('-', '_'));
        }
        return types;
    }

    /** Empty if the zone went. */
    private String type(NumberedFolder zone) {
        try {
            return buffer.readLine(zone.file("type")).rest();
        } catch (IOException e) {
            return "";
        }
    }

    /** Of chips that nothing distinguishes the first. */
    private static List<Chip> distinct(List<Chip> chips, Diagnostics diagnostics) {
        chips.sort(Comparator.comparing(Chip::name).thenComparing(Chip::device));
        List<Chip> distinct = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        for (Chip chip : chips) {
            if (seen.add(List.of(chip.name(), chip.device()))) {
                distinct.add(chip);
            } else {
                String subject = chip.name() + " on " + chip.device();
                diagnostics.note(subject, "there are several chips " + subject + ", of which one is reported");
            }
        }
        return distinct;
    }
}
