package io.tidewatch.api.collector;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;

/**
 * Which mounts are reported by a collector {@code filesystem}, whatever system it reads.
 *
 * @param fstypes kinds of file systems that are
 * @param mountPoints mount points that are
 * @param inodes whether free inodes are
 */
public record FilesystemSettings(NamePatterns fstypes, NameFilter mountPoints, boolean inodes) {
    /** Default of {@code fstypes}: those with files on a device or a server; none that the kernel makes up, no images. */
    public static final String FSTYPES =
            "ext[234], btrfs, xfs, f2fs, vfat, exfat, ntfs3?, fuseblk, zfs, bcachefs, jfs, nilfs2,"
                    + " ubifs, jffs2, nfs4?, cifs, smb3, overlay, apfs, hfs";

    /** Default of {@code include}: where desktops mount sticks, below a folder that is left out. */
    public static final String INCLUDE = "/run/media/.*";

    /**
     * Default of {@code exclude}: the kernel's own folders, files that containers mount into one, packages, and the
     * containers of this machine.
     */
    public static final String EXCLUDE = "/proc/.*, /sys/.*, /dev/.*, /run/.*, /etc/.*, /snap/.*, /var/snap/.*,"
            + " /var/lib/docker/.*, /var/lib/containers/.*, /var/lib/containerd/.*, /var/lib/kubelet/.*,"
            + " .*/overlay2?/.*";

    /**
     * Reads the keys {@code include}, {@code exclude}, {@code fstypes} and {@code inodes}; the defaults stand in for what is
     * wrong.
     */
    public static FilesystemSettings read(
            SettingReader reader, String include, String exclude, String fstypes, String inodes) {
        NameFilter defaults =
                new NameFilter(NamePatterns.parse("include", INCLUDE), NamePatterns.parse("exclude", EXCLUDE));
        return new FilesystemSettings(
                reader.read("fstypes", fstypes, NamePatterns::parse, NamePatterns.parse("fstypes", FSTYPES)),
                NameFilter.read(reader, include, exclude, defaults),
                reader.read("inodes", inodes, Setting::bool, false));
    }

    /** Whether the mount is reported. */
    public boolean accepts(String fstype, String mountPoint) {
        return fstypes.matches(fstype) && mountPoints.accepts(mountPoint);
    }
}
