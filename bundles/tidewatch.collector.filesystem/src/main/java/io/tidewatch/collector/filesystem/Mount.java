package io.tidewatch.collector.filesystem;

import io.tidewatch.api.collector.FilesystemSettings;
import java.util.regex.Pattern;

/**
 * @param mountPoint absolute path of its root
 * @param device what is mounted: {@code /dev/mmcblk0p2}, {@code server:/export}, {@code overlay}
 * @param fstype kind of file system: {@code ext4}
 */
record Mount(String mountPoint, String device, String fstype, boolean readOnly) {
    /** Devices that are files. */
    private static final String IMAGE = "/dev/loop";

    private static final int LONGEST_NAME = 200;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** Whether it is on a block device of this machine rather than on a server. */
    boolean isOnBlockDevice() {
        return device.startsWith("/dev/");
    }

    /** Whether an operator may miss it: of a reported type, or on a device, and left out all the same. */
    boolean isExcludedBy(FilesystemSettings settings) {
        boolean ofInterest = settings.fstypes().matches(fstype) || (isOnBlockDevice() && !device.startsWith(IMAGE));
        return ofInterest && !settings.accepts(fstype, mountPoint);
    }

    /** Whether the other one is the same file system, whatever the state of either. */
    boolean isSameAs(Mount other) {
        return device.equals(other.device) && fstype.equals(other.fstype);
    }

    /** Distinguishes it from other mounts, and from a later one on the same mount point. Fit for a log: foreign text is cut. */
    String name() {
        String name = CONTROL.matcher(device + " on " + mountPoint).replaceAll("?");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
    }
}
