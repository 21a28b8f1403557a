package io.tidewatch.collector.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import io.tidewatch.testing.config.TypedConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String DEFAULT = "sd[a-z]+, hd[a-z]+, vd[a-z]+, xvd[a-z]+, nvme[0-9]+n[0-9]+, mmcblk[0-9]+";
    private static final long DD_BYTES = 32L << 20;

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(
                "proc/diskstats",
                """
                   7       0 loop0 1 2 3 4 5 6 7 8 9 10 11 0 0 0 0 0 0
                 179       0 mmcblk0 69023 11644 4942418 17406 698707 90797 11380408 74112 3 46684 111214 1 2 3 4 5 6
                 179       1 mmcblk0p1 1 2 3 4 5 6 7 8 9 10 11
                 179      32 mmcblk0boot0 1 2 3 4 5 6 7 8 9 10 11
                 259       0 nvme0n1 10 20 30 40 50 60 70 80 0 100 110
                 259       1 nvme0n1p1 1 2 3 4 5 6 7 8 9 10 11
                   9       0 md0 1 2 3 4 5 6 7 8 9 10 11
                 253       0 zram0 1 2 3 4 5 6 7 8 9 10 11
                """);
        return collectorWithoutSource();
    }

    @Override
    public Collector collectorWithoutSource() {
        return collectorOn(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new DiskCollector(procFs, config(DEFAULT));
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return !RealMachine.run("sh", "-c", "ls /sys/block | grep -E '^(sd|hd|vd|xvd|nvme|mmcblk)' || true")
                .isEmpty();
    }

    @Test
    void reportsWholeDevicesInSectorsOf512Bytes() throws Exception {
        Map<String, Double> values = RealMachine.valuesOf(typicalCollector().collect());

        assertThat(values)
                .hasSize(18)
                .containsEntry("disk.read_ops_total[mmcblk0]", 69023.0)
                .containsEntry("disk.read_bytes_total[mmcblk0]", 4942418.0 * 512)
                .containsEntry("disk.read_time_ms_total[mmcblk0]", 17406.0)
                .containsEntry("disk.write_ops_total[mmcblk0]", 698707.0)
                .containsEntry("disk.write_bytes_total[mmcblk0]", 11380408.0 * 512)
                .containsEntry("disk.write_time_ms_total[mmcblk0]", 74112.0)
                .containsEntry("disk.io_in_progress[mmcblk0]", 3.0)
                .containsEntry("disk.io_time_ms_total[mmcblk0]", 46684.0)
                .containsEntry("disk.io_time_weighted_ms_total[mmcblk0]", 111214.0)
                .containsEntry("disk.io_time_ms_total[nvme0n1]", 100.0)
                .containsEntry("disk.io_time_weighted_ms_total[nvme0n1]", 110.0);
    }

    @Test
    void reportsTheDevicesThatAreAllowedWhateverTheyAre() throws Exception {
        typicalCollector();
        DiskCollector collector = new DiskCollector(FixtureTree.empty(folder).procFs(), config("^(md[0-9]+|zram0)$"));

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKeys("disk.read_ops_total[md0]", "disk.read_ops_total[zram0]")
                .hasSize(18);
    }

    @Test
    void aBadPatternIsReportedWithItsPlaceAndTheLastGoodStays() throws Exception {
        typicalCollector();
        DiskCollector collector = new DiskCollector(FixtureTree.empty(folder).procFs(), config("md0"));
        collector.reconfigure(config("md0, sd[a-z"));

        assertThat(collector.rejectedSettings()).singleElement().satisfies(rejected -> assertThat(rejected)
                .hasMessageContaining("invalid allowed.devices \"md0, sd[a-z")
                .hasMessageContaining("at position 11"));
        assertThat(RealMachine.valuesOf(collector.collect())).containsKey("disk.read_ops_total[md0]");

        collector.reconfigure(config("nvme0n1"));
        assertThat(collector.rejectedSettings()).isEmpty();
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsKey("disk.read_ops_total[nvme0n1]")
                .doesNotContainKey("disk.read_ops_total[md0]");
    }

    @Test
    void disksComeAndGoBetweenPasses() throws Exception {
        Collector collector = typicalCollector();
        collector.collect();
        FixtureTree.empty(folder).write("proc/diskstats", "   8       0 sda 10 20 30 40 50 60 70 80 0 100 110\n");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(9)
                .containsEntry("disk.read_bytes_total[sda]", 30.0 * 512);
    }

    /** Case C04a: the sectors of a stick cannot be, the card beside it is fine. */
    @Test
    void impossibleSectorsCostThatCounterOfThatDisk() throws Exception {
        DiskCollector collector =
                new DiskCollector(FixtureTree.copy("huge-sectors", folder).procFs(), config(DEFAULT));

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(16)
                .containsEntry("disk.read_bytes_total[mmcblk0]", 4942418.0 * 512)
                .containsEntry("disk.io_time_weighted_ms_total[mmcblk0]", 111214.0)
                .containsEntry("disk.read_ops_total[sda]", 120.0)
                .containsEntry("disk.write_ops_total[sda]", 50.0)
                .containsEntry("disk.io_time_weighted_ms_total[sda]", 110.0)
                .doesNotContainKeys("disk.read_bytes_total[sda]", "disk.write_bytes_total[sda]");
        assertThat(collector.diagnostics())
                .hasSize(2)
                .allMatch(diagnostic -> diagnostic.severity() == Diagnostic.Severity.DAMAGED)
                .anyMatch(diagnostic -> diagnostic.subject().equals("sda, sectors read")
                        && diagnostic.message().contains("diskstats:2: expected sectors read of sda below")
                        && diagnostic.message().contains("found '1736164148113840152 40"));
    }

    @Test
    void aDamagedRowCostsItselfAndIsNamed() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        for (String row : List.of(
                "   8       0 sda 10 20 30 40 50 60 70 80 0 100", "   8       0 sda ten", "   8       0", "x")) {
            tree.write("proc/diskstats", row + "\n 259 0 nvme0n1 10 20 30 40 50 60 70 80 0 100 110\n");
            DiskCollector collector = new DiskCollector(tree.procFs(), config(DEFAULT));
            assertThat(RealMachine.valuesOf(collector.collect()))
                    .as(row)
                    .hasSize(9)
                    .containsEntry("disk.read_ops_total[nvme0n1]", 10.0);
            assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                    .contains("diskstats:1: expected"));
        }
    }

    @Test
    void devicesInUseThatAreNotReportedAreNamed() throws Exception {
        DiskCollector collector = (DiskCollector) typicalCollector();
        collector.collect();

        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.NOTE);
            assertThat(diagnostic.message())
                    .isEqualTo("not reported by allowed.devices: loop0, md0, mmcblk0boot0, zram0");
        });
    }

    /** At least what dd wrote past all caches, at most what the kernel says of the devices just before and after. */
    @Test
    void agreesWithWhatDdWrites() throws Exception {
        Path file = Path.of("target/dd-direct");
        Collector collector = collectorOn(RealMachine.procFs());
        double kernelBefore = kernelWriteBytes();
        double before = writeBytes(collector);
        try {
            RealMachine.run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + (DD_BYTES >> 20), "oflag=direct");
            double after = writeBytes(collector);
            double kernelAfter = kernelWriteBytes();

            assertThat(after - before).isGreaterThanOrEqualTo(DD_BYTES).isLessThanOrEqualTo(kernelAfter - kernelBefore);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static double writeBytes(Collector collector) throws Exception {
        return collector.collect().stream()
                .filter(sample -> sample.metric().name().equals("disk.write_bytes_total"))
                .mapToDouble(sample -> sample.value())
                .sum();
    }

    private static double kernelWriteBytes() throws Exception {
        String sectors = RealMachine.run(
                "sh",
                "-c",
                "for d in $(ls /sys/block | grep -E '^(sd|hd|vd|xvd|nvme|mmcblk)'); do awk '{ print $7 }'"
                        + " /sys/block/$d/stat; done");
        return 512 * sectors.lines().mapToDouble(Double::parseDouble).sum();
    }

    static DiskCollector.Config config(String allowedDevices) {
        return TypedConfiguration.of(DiskCollector.Config.class, Map.of("allowed.devices", allowedDevices));
    }
}
