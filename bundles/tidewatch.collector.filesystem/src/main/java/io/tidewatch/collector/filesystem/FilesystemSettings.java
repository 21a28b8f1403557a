package io.tidewatch.collector.filesystem;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;

/**
 * Which mounts are reported.
 *
 * @param fstypes kinds of file systems that are
 * @param mountPoints mount points that are
 * @param inodes whether free inodes are
 */
record FilesystemSettings(NamePatterns fstypes, NameFilter mountPoints, boolean inodes) {
    /** Types that hold files on a device or a server; nothing that the kernel makes up, and no images. */
    static final String FSTYPES =
            "ext[234], btrfs, xfs, f2fs, vfat, exfat, ntfs3?, fuseblk, zfs, bcachefs, jfs, nilfs2,"
                    + " ubifs, jffs2, nfs4?, cifs, smb3, overlay, apfs, hfs";

    /** Devices that are files. */
    private static final String IMAGE = "/dev/loop";

    /** Where desktops mount sticks, below a folder that is left out. */
    static final String INCLUDE = "/run/media/.*";

    /** The kernel's own folders, files that containers mount into one, packages, and the containers of this machine. */
    static final String EXCLUDE = "/proc/.*, /sys/.*, /dev/.*, /run/.*, /etc/.*, /snap/.*, /var/snap/.*,"
            + " /var/lib/docker/.*, /var/lib/containers/.*, /var/lib/containerd/.*, /var/lib/kubelet/.*,"
            + " .*/overlay2?/.*";

    /** Reads the configuration; the defaults stand in for what is wrong. */
    static FilesystemSettings read(FilesystemCollector.Config config, SettingReader reader) {
        NameFilter defaults =
                new NameFilter(NamePatterns.parse("include", INCLUDE), NamePatterns.parse("exclude", EXCLUDE));
        return new FilesystemSettings(
                reader.read("fstypes", config.fstypes(), NamePatterns::parse, NamePatterns.parse("fstypes", FSTYPES)),
                NameFilter.read(reader, config.include(), config.exclude(), defaults),
                reader.read("inodes", config.inodes(), Setting::bool, false));
    }

    /** Whether an operator may miss it: of a reported type, or on a device, and left out all the same. */
    boolean excludes(Mount mount) {
        boolean ofInterest = fstypes.matches(mount.fstype())
                || (mount.isOnBlockDevice() && !mount.device().startsWith(IMAGE));
        return ofInterest && !accepts(mount);
    }

    /** Whether the mount is reported. */
    boolean accepts(Mount mount) {
        return fstypes.matches(mount.fstype()) && mountPoints.accepts(mount.mountPoint());
    }

    /** Validates {@code tidewatch.collector.filesystem.cfg}. */
    public static final class Check extends SettingsCheck<FilesystemCollector.Config> {
        /** Made by the configuration guard. */
        public Check() {
            super(FilesystemCollector.PID, FilesystemCollector.Config.class, FilesystemSettings::read);
        }
    }
}
