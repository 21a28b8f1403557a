package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.SourceContract;
import io.tidewatch.testing.config.TypedConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import oshi.software.os.FileSystem;
import oshi.software.os.OSFileStore;

class FilesystemCollectorTest implements SourceContract {
    private final List<OSFileStore> stores = new ArrayList<>();

    @Override
    public Collector typicalCollector() {
        stores.add(store("/", "/dev/disk3s1s1", "apfs", "ro,local,rootfs", 1000, 400, 300, 5000, 4000));
        return collector("/run/media/.*", "/run/.*", "apfs", "true");
    }

    @Override
    public Collector collectorWithoutSource() {
        return collector("", "", ".*", "true");
    }

    @Test
    void reportsSpaceInodesAndState() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of(
                        "filesystem.size_bytes[/, /dev/disk3s1s1, apfs]", 1000.0,
                        "filesystem.available_bytes[/, /dev/disk3s1s1, apfs]", 300.0,
                        "filesystem.used_percent[/, /dev/disk3s1s1, apfs]", 66.67,
                        "filesystem.files_free[/, /dev/disk3s1s1, apfs]", 4000.0,
                        "filesystem.readonly[/, /dev/disk3s1s1, apfs]", 1.0));
    }

    @Test
    void leavesOutWhatTheFileSystemDoesNotTell() throws Exception {
        stores.add(store("/mnt", "server:/x", "nfs", "rw,proto=tcp", 0, 0, 0, 0, 0));

        assertThat(RealMachine.valuesOf(collector("", "", "nfs", "true").collect()))
                .isEqualTo(Map.of("filesystem.readonly[/mnt, server:/x, nfs]", 0.0));
    }

    @ParameterizedTest
    @CsvSource({"1001, 300", "-1, 300", "400, 1001", "400, -1"})
    void sizesThatCannotBeCostThemselvesOnly(long free, long usable) throws Exception {
        stores.add(store("/sick", "/dev/sda1", "ext4", "rw", 1000, free, usable, 5000, 4000));
        stores.add(store("/mnt", "/dev/sdb1", "ext4", "rw", 1000, 400, 300, 5000, 4000));
        FilesystemCollector collector = collector("", "", "ext4", "true");

        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .filteredOn(name -> name.contains("/sick"))
                .containsExactlyInAnyOrder(
                        "filesystem.readonly[/sick, /dev/sda1, ext4]", "filesystem.files_free[/sick, /dev/sda1, ext4]");
        assertThat(collector.collect()).hasSize(7);
        assertThat(collector.diagnostics())
                .singleElement()
                .matches(found -> found.severity() == Diagnostic.Severity.DAMAGED)
                .extracting(Diagnostic::message)
                .isEqualTo("the file system '/sick' reports sizes that cannot be: 1000 in all, " + free + " free, "
                        + usable + " available");
    }

    @Test
    void leavesOutInodesUnlessTheyAreWanted() throws Exception {
        typicalCollector();

        assertThat(RealMachine.valuesOf(collector("", "", "apfs", "false").collect()))
                .hasSize(4)
                .doesNotContainKey("filesystem.files_free[/, /dev/disk3s1s1, apfs]");
    }

    @Test
    void followsTheFilters() throws Exception {
        for (String mountPoint : List.of("/", "/run/lock", "/run/media/stick", "/proc")) {
            stores.add(store(mountPoint, "x", mountPoint.equals("/proc") ? "proc" : "ext4", "rw", 1, 1, 1, 1, 1));
        }

        assertThat(collector("/run/media/.*", "/run/.*", "ext[234]", "false").collect())
                .extracting(sample -> sample.tagValues().get(0))
                .containsOnly("/", "/run/media/stick");
    }

    @Test
    void seesTheLastOfSeveralFileSystemsOnOneMountPoint() throws Exception {
        stores.add(store("/mnt", "/dev/sda1", "ext4", "rw", 1000, 1, 1, 1, 1));
        stores.add(store("/mnt", "/dev/sdb1", "ext4", "rw", 2000, 1, 1, 1, 1));

        assertThat(RealMachine.valuesOf(collector("", "", "ext4", "false").collect()))
                .containsEntry("filesystem.size_bytes[/mnt, /dev/sdb1, ext4]", 2000.0)
                .doesNotContainKey("filesystem.size_bytes[/mnt, /dev/sda1, ext4]");
    }

    @Test
    void aWrongValueLeavesTheLastGoodSettingsInForce() throws Exception {
        FilesystemCollector collector = (FilesystemCollector) typicalCollector();

        collector.reconfigure(config("[", "", "ext4", "perhaps"));

        assertThat(collector.rejectedSettings())
                .extracting(problem -> problem.key())
                .containsExactly("include", "inodes");
        assertThat(collector.collect()).hasSize(5);

        collector.reconfigure(config("", "", "ext4", "true"));
        assertThat(collector.rejectedSettings()).isEmpty();
        assertThat(collector.collect()).isEmpty();
    }

    private FilesystemCollector collector(String include, String exclude, String fstypes, String inodes) {
        return new FilesystemCollector(
                Answers.of(FileSystem.class, Map.of("getFileStores", stores)),
                config(include, exclude, fstypes, inodes));
    }

    static FilesystemCollector.Config config(String include, String exclude, String fstypes, String inodes) {
        return TypedConfiguration.of(
                FilesystemCollector.Config.class,
                Map.of("include", include, "exclude", exclude, "fstypes", fstypes, "inodes", inodes));
    }

    private static OSFileStore store(
            String mount,
            String volume,
            String type,
            String options,
            long total,
            long free,
            long usable,
            long inodes,
            long freeInodes) {
        Map<String, Object> answers =
                new HashMap<>(Map.of("getMount", mount, "getVolume", volume, "getType", type, "getOptions", options));
        answers.put("getTotalSpace", total);
        answers.put("getFreeSpace", free);
        answers.put("getUsableSpace", usable);
        answers.put("getTotalInodes", inodes);
        answers.put("getFreeInodes", freeInodes);
        return Answers.of(OSFileStore.class, answers);
    }
}
