package io.tidewatch.collector.oshi;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import oshi.software.os.OSFileStore;

/**
 * Which mounts are reported. The defaults are those of the collector on /proc.
 *
 * @param fstypes kinds of file systems that are
 * @param mountPoints mount points that are
 * @param inodes whether free inodes are
 */
record FilesystemSettings(NamePatterns fstypes, NameFilter mountPoints, boolean inodes) {
    static final String FSTYPES =
            "ext[234], btrfs, xfs, f2fs, vfat, exfat, ntfs3?, fuseblk, zfs, bcachefs, jfs, nilfs2,"
                    + " ubifs, jffs2, nfs4?, cifs, smb3, overlay, apfs, hfs";
    static final String INCLUDE = "/run/media/.*";
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

    /** Whether the mount is reported. */
    boolean accepts(OSFileStore store) {
        return fstypes.matches(store.getType()) && mountPoints.accepts(store.getMount());
    }

    /** Validates {@code tidewatch.collector.filesystem.cfg}. */
    public static final class Check extends SettingsCheck<FilesystemCollector.Config> {
        /** Made by the configuration guard. */
        public Check() {
            super("tidewatch.collector.filesystem", FilesystemCollector.Config.class, FilesystemSettings::read);
        }
    }
}
